deploy("""
import json
import os

import boto3
from botocore.config import Config

# One try a call: the queue brings back what failed, and one place that retries is enough.
table = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


def read(record):
    parcel = json.loads(record["body"])
    if "grams" not in parcel:
        raise ValueError(f"parcel {parcel['parcel']}: no weight")
    return parcel


def print_label(parcel):
    table.update_item(
        TableName=os.environ["TABLE"],
        Key={"parcel": {"S": parcel["parcel"]}},
        UpdateExpression="ADD labels :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def handler(event, context):
    print(f"batch of {len(event['Records'])}")
    for parcel in [read(record) for record in event["Records"]]:
        print_label(parcel)
""")
queue_url, queue_arn = make_queue(QUEUE, VisibilityTimeout="30")
