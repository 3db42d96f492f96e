deploy("""
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["PARCELS"])


def handler(event, context):
    order = event["detail"]["order"]
    try:
        table.put_item(
            Item={"order": event["id"], "parcels": 0},
            ConditionExpression="attribute_not_exists(#order)",
            ExpressionAttributeNames={"#order": "order"},
        )
        table.update_item(
            Key={"order": order},
            UpdateExpression="ADD parcels :one",
            ExpressionAttributeValues={":one": 1},
        )
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        print(order, "was shipped before")
""")
order = f"D-{lab.now():.0f}"  # another one each time you run this
lab.faults.clear()
lab.faults.add(kind="delivery", source="eventbridge", duplicates=1)
place(order)
time.sleep(10)
lab.faults.clear()
place(order)  # the shop was not sure
time.sleep(10)
print("parcels:", parcels()[order])
