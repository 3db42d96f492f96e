deploy(
    """
from tariff import TABLE, load, table

tariff = load()


def next_number():
    answer = table.update_item(
        TableName=TABLE,
        Key={"id": {"S": "number"}},
        UpdateExpression="ADD #n :one",
        ExpressionAttributeNames={"#n": "value"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["value"]["N"])


def handler(event, context):
    return {"number": next_number(), "cents": tariff[event["room"]]}
"""
)
lab.faults.clear()
print(call(room="single"), call(room="single"))
lab.faults.add(kind="environment", resource=f"*:function:{FUNCTION}", when="end", count=1)
print(call(room="single"))
print(call(room="single"))
