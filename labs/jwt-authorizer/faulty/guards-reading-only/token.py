issuer = make_login()
api, address = make_api("parcel-api")
deploy(SERVICE, SERVICE_SOURCE)
tokens = authorizer(
    "tokens",
    AuthorizerType="JWT",
    IdentitySource=["$request.header.Authorization"],
    JwtConfiguration={"Issuer": issuer, "Audience": ["parcels"]},
)
route(api, GET, SERVICE, AuthorizationType="JWT", AuthorizerId=tokens)
route(api, DELETE, SERVICE, AuthorizationType="NONE")
try_tokens()
