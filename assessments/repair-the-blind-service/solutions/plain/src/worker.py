"""Called by the job queue: every job becomes a row of the table, paid or refused; what fails comes again by itself."""

import json
import os
from decimal import Decimal

import boto3
from telemetry import count, failed, log

TABLE = os.environ["PAYOUTS_TABLE"]

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    failures = []
    for record in event["Records"]:
        about = {"message_id": record["messageId"]}
        try:
            job = json.loads(record["body"])
            about["job"] = job["job"]
            work(job)
        except Exception as error:
            failed(error, **about)
            count("PayoutsFailed")
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def work(job):
    state = "paid" if job["currency"] == "EUR" else "refused"
    row = {
        "job": {"S": job["job"]},
        "amount": {"N": str(Decimal(job["amount"]))},
        "state": {"S": state},
    }
    dynamodb.put_item(TableName=TABLE, Item=row)
    log.info(state, extra={"job": job["job"]})
    count("PayoutsPaid" if state == "paid" else "PayoutsRefused")
