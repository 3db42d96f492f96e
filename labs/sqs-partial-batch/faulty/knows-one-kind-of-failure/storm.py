source = """
import json
import os

import boto3
from botocore.config import Config

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
    failed = []
    for record in event["Records"]:
        try:
            print_label(read(record))
        except ValueError as error:
            print(f"failed: {error}")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
"""
deploy(source)

lab.faults.clear()
rule = lab.faults.add(
    service="dynamodb",
    operation="UpdateItem",
    caller=f"*{ROLE}*",
    error="InternalServerError",
    status=500,
    count=5,
)
send(*good("S", 10))
time.sleep(200)
print(lab.faults.struck(), labels())
