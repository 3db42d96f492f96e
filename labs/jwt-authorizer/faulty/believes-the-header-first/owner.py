deploy(
    SERVICE,
    """
PARCELS = {"p-1": "ann", "p-2": "bob"}


def handler(event, context):
    who = (
        event["headers"].get("x-user")
        or event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    )
    parcel = event["pathParameters"]["id"]
    if PARCELS.get(parcel) != who:
        return {"statusCode": 404, "body": "no such parcel"}
    return {"parcel": parcel, "of": who}
""",
)
for parcel in ("p-1", "p-2", "p-3"):
    print(
        parcel,
        "as the app sends it:",
        *call(f"/parcels/{parcel}", bearer=token(), x_user="ann"),
    )
    print(
        parcel,
        "as Ann sends it:    ",
        *call(f"/parcels/{parcel}", bearer=token(), x_user="bob"),
    )
