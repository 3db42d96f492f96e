queue_url = sqs.create_queue(
    QueueName=QUEUE, Attributes={"VisibilityTimeout": "60"}
)["QueueUrl"]
queue_arn = sqs.get_queue_attributes(
    QueueUrl=queue_url, AttributeNames=["QueueArn"]
)["Attributes"]["QueueArn"]
nobody_reads(queue_arn)
deploy(
    RECEIVER,
    RECEIVER_ROLE,
    '''
import base64
import os

import boto3
from botocore.config import Config

queue = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))


def raw_body(event):
    """The bytes that were sent; the URL encodes what is no text."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def handler(event, context):
    body = raw_body(event)
    queue.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body.decode())
    return {"statusCode": 202}
''',
    QUEUE=queue_url,
)
allow(RECEIVER_ROLE, "keep-events", ["sqs:SendMessage"], queue_arn)
print(open_door())
print(post({"id": "evt-1", "customer": "ada", "cents": 900}))
