"""Called every five minutes: how many jobs were paid and refused so far, as the row ``totals``."""

import os

import boto3
from told import tell

TABLE = os.environ["PAYOUTS_TABLE"]

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    counts = {"paid": 0, "refused": 0}
    for page in dynamodb.get_paginator("scan").paginate(TableName=TABLE):
        for row in page["Items"]:
            if "state" in row:
                counts[row["state"]["S"]] += 1
    totals = {name: {"N": str(count)} for name, count in counts.items()}
    dynamodb.put_item(TableName=TABLE, Item={"job": {"S": "totals"}, **totals})
    tell(context, "swept", **counts)
