"""From the warehouse's queue: a label from the carrier, the customer is told. One failure stops nobody else."""

import json
import os

import boto3
import carrier

TABLE = os.environ["TABLE"]
NOTICES = os.environ["NOTICES"]
dynamodb = boto3.client("dynamodb")
lambda_ = boto3.client("lambda")


def handler(event, context):
    failed = []
    for message in event["Records"]:
        order = json.loads(message["body"])
        try:
            ship(order)
        except Exception as error:
            print(json.dumps({"level": "ERROR", "order": order["id"], "type": type(error).__name__, "said": str(error)}))
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def ship(order):
    """Whoever comes second, because a message was delivered twice, finds the order shipped and leaves it at that."""
    label = carrier.label_for(order["id"], order["address"])
    try:
        dynamodb.update_item(
            TableName=TABLE,
            Key={"id": {"S": order["id"]}},
            UpdateExpression="SET #status = :shipped, label = :label",
            ConditionExpression="#status = :paid",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":shipped": {"S": "shipped"}, ":paid": {"S": "paid"}, ":label": {"S": label}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return
    notice = {"order": order["id"], "label": label}
    lambda_.invoke(FunctionName=NOTICES, InvocationType="Event", Payload=json.dumps(notice).encode())
    print(json.dumps({"level": "INFO", "said": "shipped", "order": order["id"]}))
