deploy(
    """
from tariff import load

tariff = load()
offer = {"discount": 0}


def handler(event, context):
    if event.get("staff"):
        offer["discount"] = 50
    cents = tariff[event["room"]] * (100 - offer["discount"]) // 100
    offer["discount"] = 0
    return {"cents": cents}
"""
)
print("Ann, staff:", call(room="single", staff=True))
print("Bob, guest:", call(room="single"))
