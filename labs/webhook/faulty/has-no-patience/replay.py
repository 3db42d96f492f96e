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
    return moment.isdecimal() and abs(now - int(moment)) <= 10


def handler(event, context):
    body = raw_body(event)
    header = event["headers"].get("x-hook-signature", "")
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment, given = parts.get("t", ""), parts.get("v1", "")
    now = event["requestContext"]["timeEpoch"] / 1000
    if not signed(body, moment, given) or not fresh(moment, now):
        return {"statusCode": 401}
    queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body.decode())
    return {"statusCode": 202}
""",
    QUEUE=queue_url,
    SECRET=SECRET,
)
event = {"id": "evt-4", "customer": "ada", "cents": 900}
print(post(event, key), post(event, key, age_s=3600))
