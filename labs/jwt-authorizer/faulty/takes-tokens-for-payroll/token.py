issuer = make_login()
api, address = make_api("parcel-api")
deploy(SERVICE, SERVICE_SOURCE)
tokens = authorizer(
    "tokens",
    AuthorizerType="JWT",
    IdentitySource=["$request.header.Authorization"],
    JwtConfiguration={"Issuer": issuer, "Audience": ["parcels", "payroll"]},
)
for key in (GET, DELETE):
    route(api, key, SERVICE, AuthorizationType="JWT", AuthorizerId=tokens)
try_tokens()
