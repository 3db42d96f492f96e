deploy(
    """
import pathlib

from tariff import load

tariff = load()


def next_number():
    note = pathlib.Path("/tmp/number")
    number = int(note.read_text()) + 1 if note.exists() else 1
    note.write_text(str(number))
    return number


def handler(event, context):
    return {"number": next_number(), "cents": tariff[event["room"]]}
"""
)
lab.faults.clear()
print(call(room="single"), call(room="single"))
lab.faults.add(kind="environment", resource=f"*:function:{FUNCTION}", when="end", count=1)
print(call(room="single"))
print(call(room="single"))
