deploy("""
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
""")
lambda_.update_event_source_mapping(
    UUID=mapping, FunctionResponseTypes=["ReportBatchItemFailures"]
)
while lambda_.get_event_source_mapping(UUID=mapping)["State"] != "Enabled":
    time.sleep(5)

send(*good("Q", 9), {"parcel": "Q-bad"})
time.sleep(20)
print(labels())
