deploy("""
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["PARCELS"])


def handler(event, context):
    order = event["detail"]["order"]
    try:
        table.put_item(
            Item={"order": order, "parcels": 1},
            ConditionExpression="attribute_not_exists(#order)",
            ExpressionAttributeNames={"#order": "order"},
        )
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        print(order, "was shipped before")
""")
lab.faults.clear()
lab.faults.add(kind="delivery", source="eventbridge", duplicates=1)
place("D-1")
time.sleep(10)
lab.faults.clear()
place("D-1")  # the shop was not sure
time.sleep(10)
print("parcels:", {order: count for order, count in parcels().items() if order.startswith("D")})
