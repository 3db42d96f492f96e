try:
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
except dynamodb.exceptions.ResourceInUseException:
    pass
dynamodb.get_waiter("table_exists").wait(TableName=TABLE)
make_role(WORKER, WORKER_ROLE)
allow(
    WORKER_ROLE,
    "read-events",
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    queue_arn,
)
allow(
    WORKER_ROLE,
    "write-payments",
    ["dynamodb:PutItem"],
    f"arn:aws:dynamodb:{region}:{account}:table/{TABLE}",
)
deploy(
    WORKER,
    WORKER_ROLE,
    """
import json
import os

import boto3
from botocore.config import Config

table = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            payment = json.loads(record["body"])
            item = {"id": {"S": payment["id"]}, "cents": {"N": str(payment["cents"])}}
            table.put_item(
                TableName=os.environ["TABLE"],
                Item=item,
                ConditionExpression="attribute_not_exists(id)",
            )
            print(f"booked {payment['id']}")
        except table.exceptions.ConditionalCheckFailedException:
            print(f"a copy of {payment['id']}")
        except Exception as error:
            print(f"failed: {error}")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
""",
    TABLE=TABLE,
)
found = lambda_.list_event_source_mappings(
    FunctionName=WORKER, EventSourceArn=queue_arn
)["EventSourceMappings"]
mapping = (
    found[0]["UUID"]
    if found
    else lambda_.create_event_source_mapping(
        FunctionName=WORKER,
        EventSourceArn=queue_arn,
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )["UUID"]
)
while lambda_.get_event_source_mapping(UUID=mapping)["State"] != "Enabled":
    time.sleep(5)

event = {"id": "evt-5", "customer": "ada", "cents": 900}
print(post(event, key), post(event, key))
time.sleep(30)
for line in logs.filter_log_events(
    logGroupName=f"/aws/lambda/{WORKER}", filterPattern="booked"
)["events"]:
    print(line["message"].rstrip())
