deploy(
    """
from tariff import load


def handler(event, context):
    tariff = load()
    discount = 50 if event.get("staff") else 0
    return {"cents": tariff[event["room"]] * (100 - discount) // 100}
"""
)
print("Ann, staff:", call(room="single", staff=True))
print("Bob, guest:", call(room="single"))
