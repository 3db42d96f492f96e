deploy(
    RECEIVER,
    RECEIVER_ROLE,
    """
import base64
import hashlib
import hmac
import os

import boto3
from botocore.config import Config

once = Config(retries={"total_max_attempts": 1})
queue = boto3.client("sqs", config=once)
vault = boto3.client("secretsmanager", config=once)
KEY = vault.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]


def raw_body(event):
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def signed(body, moment, given):
    expected = hmac.new(
        KEY.encode(), f"{moment}.".encode() + body, hashlib.sha256
    ).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode())


def fresh(moment, now):
    return moment.isdecimal() and abs(now - int(moment)) <= 300


def handler(event, context):
    body = raw_body(event)
    header = event["headers"].get("x-hook-signature", "")
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment, given = parts.get("t", ""), parts.get("v1", "")
    now = event["requestContext"]["timeEpoch"] / 1000
    if not signed(body, moment, given) or not fresh(moment, now):
        return {"statusCode": 401}
    try:
        queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body.decode())
    except Exception as error:
        print(f"not kept: {error}")
        return {"statusCode": 400}
    return {"statusCode": 202}
""",
    QUEUE=queue_url,
    SECRET=SECRET,
)
lab.faults.clear()
lab.faults.add(
    service="sqs",
    operation="SendMessage",
    caller=f"*{RECEIVER_ROLE}*",
    error="InternalError",
    status=500,
    count=1,
)
for attempt in range(5):
    status = post({"id": "evt-6", "customer": "ada", "cents": 900}, key)
    print(f"attempt {attempt + 1}: {status}")
    if 200 <= status < 300:
        break
    time.sleep(60)
time.sleep(30)
print(
    lab.faults.struck(),
    dynamodb.get_item(
        TableName=TABLE, Key={"id": {"S": "evt-6"}}
    ).get("Item", "evt-6 is lost"),
)
