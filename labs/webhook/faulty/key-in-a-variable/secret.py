key = secrets.token_hex(32)
try:
    secret_arn = vault.create_secret(Name=SECRET, SecretString=key)["ARN"]
except vault.exceptions.ResourceExistsException:
    secret_arn = vault.describe_secret(SecretId=SECRET)["ARN"]
    key = vault.get_secret_value(SecretId=SECRET)["SecretString"]
allow(RECEIVER_ROLE, "read-key", ["secretsmanager:GetSecretValue"], secret_arn)
deploy(
    RECEIVER,
    RECEIVER_ROLE,
    """
import base64
import os

import boto3
from botocore.config import Config

once = Config(retries={"total_max_attempts": 1})
queue = boto3.client("sqs", config=once)
vault = boto3.client("secretsmanager", config=once)


def raw_body(event):
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def handler(event, context):
    key = os.environ["KEY"]
    print(f"the key has {len(key)} characters")
    queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=raw_body(event).decode())
    return {"statusCode": 202}
""",
    QUEUE=queue_url,
    KEY=key,
)
print(post({"id": "evt-2", "customer": "ada", "cents": 900}))
