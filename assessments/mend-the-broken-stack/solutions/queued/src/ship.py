"""From the warehouse's queue, one message at a time: a label from the carrier, and a notice waits to be sent."""

import json
import os

import boto3
import carrier

TABLE = os.environ["TABLE"]
NOTICES_URL = os.environ["NOTICES_URL"]
dynamodb = boto3.client("dynamodb")
sqs = boto3.client("sqs")


def handler(event, context):
    """What fails goes back to the queue: the mapping hands over one message a call."""
    for message in event["Records"]:
        ship(json.loads(message["body"]))


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
    sqs.send_message(QueueUrl=NOTICES_URL, MessageBody=json.dumps(notice))
    print(json.dumps({"level": "INFO", "said": "shipped", "order": order["id"]}))
