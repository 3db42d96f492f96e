"""Called by S3 for every file of orders: each order becomes a row of the table, and a task for billing."""

import json
import os
from urllib.parse import unquote_plus

import boto3

TABLE = os.environ["ORDERS_TABLE"]
TASKS = os.environ["TASKS_URL"]
REJECTS = os.environ["REJECTS_URL"]

s3 = boto3.client("s3")
sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    for record in event.get("Records", ()):
        bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        try:
            orders = [row_of(order) for order in json.loads(body)["orders"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            told = {"bucket": bucket, "key": key, "error": f"{type(error).__name__}: {error}"}
            sqs.send_message(QueueUrl=REJECTS, MessageBody=json.dumps(told))
            continue
        for row in orders:
            dynamodb.put_item(TableName=TABLE, Item=row)
            sqs.send_message(QueueUrl=TASKS, MessageBody=json.dumps({"order": row["id"]["S"]}))


def row_of(order):
    """An order as the table holds it; ``card`` is a cipher in Base64, under the key of the stack."""
    row = {
        "id": {"S": order["id"]},
        "customer": {"S": order["customer"]},
        "total": {"N": str(order["total"])},
        "state": {"S": order.get("state", "open")},
        "loyal": {"BOOL": bool(order.get("loyal"))},
    }
    if "card" in order:
        row["card"] = {"S": order["card"]}
    return row
