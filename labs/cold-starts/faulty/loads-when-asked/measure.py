deploy(
    """
from tariff import load

tariff = None


def handler(event, context):
    global tariff
    if tariff is None:
        tariff = load()
    return {"cents": tariff[event["room"]]}
"""
)
for _ in range(3):
    print(call(room="single"))
show(3)
