deploy(
    RECEIVER,
    RECEIVER_ROLE,
    '''
import base64
import hashlib
import hmac
import os

import boto3
from botocore.config import Config

once = Config(retries={"total_max_attempts": 1})
queue = boto3.client("sqs", config=once)
vault = boto3.client("secretsmanager", config=once)


def read_keys():
    """The keys that are believed now, the current one first."""
    found = []
    for stage in ("AWSCURRENT", "AWSPREVIOUS"):
        try:
            found.append(
                vault.get_secret_value(
                    SecretId=os.environ["SECRET"], VersionStage=stage
                )["SecretString"]
            )
        except vault.exceptions.ResourceNotFoundException:
            pass  # a secret that was never changed has no version before
    return found


KEYS = read_keys()


def raw_body(event):
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def signed(keys, body, moment, given):
    message = f"{moment}.".encode() + body
    digests = [hmac.new(key.encode(), message, hashlib.sha256).hexdigest() for key in keys]
    return any([hmac.compare_digest(digest.encode(), given.encode()) for digest in digests])


def fresh(moment, now):
    return moment.isdecimal() and abs(now - int(moment)) <= 300


def handler(event, context):
    body = raw_body(event)
    header = event["headers"].get("x-hook-signature", "")
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment, given = parts.get("t", ""), parts.get("v1", "")
    now = event["requestContext"]["timeEpoch"] / 1000
    if not fresh(moment, now):
        return {"statusCode": 401}
    if not signed(KEYS, body, moment, given):
        return {"statusCode": 401}
    try:
        queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body.decode())
    except Exception as error:
        print(f"not kept: {error}")
        return {"statusCode": 503}
    return {"statusCode": 202}
''',
    QUEUE=queue_url,
    SECRET=SECRET,
)
old, key = key, secrets.token_hex(32)
print(post({"id": "evt-7", "customer": "ada", "cents": 900}, old))
vault.put_secret_value(SecretId=SECRET, SecretString=key)
print(
    post({"id": "evt-8", "customer": "ada", "cents": 900}, key),
    post({"id": "evt-9", "customer": "ada", "cents": 900}, old),
)
