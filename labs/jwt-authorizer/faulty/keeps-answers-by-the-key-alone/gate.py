def register(key, name, *routes):
    """Enter a device. The table holds a digest of its key, and not the key."""
    item = {
        "id": {"S": hashlib.sha256(key.encode()).hexdigest()},
        "name": {"S": name},
        "routes": {"SS": list(routes)},
    }
    dynamodb.put_item(TableName=TABLE, Item=item)


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
register("key-of-7", "reader-7", SCAN)
register("key-of-1", "counter-1", SCAN, RETURN)

deploy(DEPOT, DEPOT_SOURCE)
gate_arn = deploy(
    GATE,
    """
import hashlib
import os

import boto3
from botocore.config import Config

table = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


def handler(event, context):
    digest = hashlib.sha256(event["headers"]["x-device-key"].encode()).hexdigest()
    item = table.get_item(
        TableName=os.environ["TABLE"], Key={"id": {"S": digest}}
    ).get("Item")
    if item is None or event["routeKey"] not in item["routes"]["SS"]:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "context": {"device": item["name"]["S"]}}
""",
    TABLE=TABLE,
)
allow(GATE, api)
devices = authorizer(
    "devices",
    AuthorizerType="REQUEST",
    AuthorizerUri=(
        f"arn:aws:apigateway:{region}:lambda:path/2015-03-31"
        f"/functions/{gate_arn}/invocations"
    ),
    AuthorizerPayloadFormatVersion="2.0",
    EnableSimpleResponses=True,
    IdentitySource=["$request.header.x-device-key"],
    AuthorizerResultTtlInSeconds=60,
)
for key in (SCAN, RETURN):
    route(api, key, DEPOT, AuthorizationType="CUSTOM", AuthorizerId=devices)
print(
    "reader-7 scans:          ", *call("/parcels/p-1/scan", "POST", x_device_key="key-of-7")
)
print(
    "reader-7 takes back:     ",
    *call("/parcels/p-1/return", "POST", x_device_key="key-of-7"),
)
print(
    "counter-1 takes back:    ",
    *call("/parcels/p-1/return", "POST", x_device_key="key-of-1"),
)
lab.faults.clear()
lab.faults.add(
    service="dynamodb",
    operation="GetItem",
    resource=f"*{TABLE}",
    error="InternalServerError",
    status=500,
)
print(
    "a stranger, table broken:",
    *call("/parcels/p-1/return", "POST", x_device_key="guessed"),
)
lab.faults.clear()
