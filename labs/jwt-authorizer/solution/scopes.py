guard = {"AuthorizationType": "JWT", "AuthorizerId": tokens}
route(api, GET, SERVICE, **guard, AuthorizationScopes=["parcels.read"])
route(api, DELETE, SERVICE, **guard, AuthorizationScopes=["parcels.write"])
for scope in ("parcels.read", "parcels.write", "profile"):
    bearer = token(scope=scope)
    print(
        f"{scope:14} GET",
        *call("/parcels/p-1", bearer=bearer),
        "| DELETE",
        *call("/parcels/p-1", "DELETE", bearer),
    )
