"""Called with one job at a time: what fails ends the invocation, and the queue brings it again."""

import json
import os
from decimal import Decimal

import boto3
from told import tell

TABLE = os.environ["PAYOUTS_TABLE"]

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    for record in event["Records"]:
        about = {"message_id": record["messageId"]}
        try:
            job = json.loads(record["body"])
            about["job"] = job["job"]
            state = "paid" if job["currency"] == "EUR" else "refused"
            remember(job, state)
        except Exception as error:
            tell(context, "failed", "ERROR", error_type=type(error).__name__, message=str(error), **about)
            raise
        tell(context, state, **about)


def remember(job, state):
    row = {
        "job": {"S": job["job"]},
        "amount": {"N": str(Decimal(job["amount"]))},
        "state": {"S": state},
    }
    dynamodb.put_item(TableName=TABLE, Item=row)
