"""From the table's stream: every order that was paid goes into the warehouse's queue."""

import json
import os

import boto3

QUEUE_URL = os.environ["QUEUE_URL"]
sqs = boto3.client("sqs")


def handler(event, context):
    for record in event["Records"]:
        order = {name: value["S"] for name, value in record["dynamodb"]["NewImage"].items()}
        sqs.send_message(QueueUrl=QUEUE_URL, MessageBody=json.dumps({"id": order["id"], "address": order["address"]}))
        print(json.dumps({"level": "INFO", "said": "dispatched", "order": order["id"], "change": record["eventName"]}))
