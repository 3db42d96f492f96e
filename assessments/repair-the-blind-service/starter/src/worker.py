"""Called by the job queue: every job becomes a row of the table, paid or refused."""

import json
import os
from decimal import Decimal

import boto3

TABLE = os.environ["PAYOUTS_TABLE"]

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    print(event)
    for record in event["Records"]:
        try:
            job = json.loads(record["body"])
            if job["currency"] != "EUR":
                print("refused")
                remember(job, "refused")
            else:
                remember(job, "paid")
                print("ok")
        except Exception:
            print("something went wrong")


def remember(job, state):
    row = {
        "job": {"S": job["job"]},
        "amount": {"N": str(Decimal(job["amount"]))},
        "state": {"S": state},
    }
    dynamodb.put_item(TableName=TABLE, Item=row)
