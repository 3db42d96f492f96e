"""From the table's stream: every order that was paid goes into the warehouse's queue."""

import json
import os

import boto3

QUEUE_URL = os.environ["QUEUE_URL"]
sqs = boto3.client("sqs")


def handler(event, context):
    for record in event["Records"]:
        if status(record, "NewImage") != "paid" or status(record, "OldImage") == "paid":
            continue
        order = {name: record["dynamodb"]["NewImage"][name]["S"] for name in ("id", "address")}
        sqs.send_message(QueueUrl=QUEUE_URL, MessageBody=json.dumps(order))
        print(json.dumps({"level": "INFO", "said": "dispatched", "order": order["id"], "change": record["eventName"]}))


def status(record, image):
    """Before or after the change; None where there was no row."""
    return record["dynamodb"].get(image, {}).get("status", {}).get("S")
