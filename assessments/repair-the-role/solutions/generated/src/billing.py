"""Called by the task queue: an order becomes a receipt, or its receipt goes away."""

import base64
import json
import os
from decimal import Decimal

import boto3

TABLE = os.environ["ORDERS_TABLE"]
INDEX = os.environ["CUSTOMER_INDEX"]
BUCKET = os.environ["RECEIPTS_BUCKET"]
PREFIX = os.environ["RECEIPTS_PREFIX"]
TOPIC = os.environ["REVIEWS_TOPIC"]
REVIEW_ABOVE = Decimal(os.environ["REVIEW_ABOVE"])

s3 = boto3.client("s3")
sns = boto3.client("sns")
kms = boto3.client("kms")
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    """What fails comes again by itself, and ends in the failure queue; its neighbours are done."""
    failed = []
    for record in event["Records"]:
        try:
            bill(json.loads(record["body"])["order"])
        except Exception as error:
            print(json.dumps({"level": "ERROR", "message": str(error), "exception": type(error).__name__}))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def bill(order):
    row = dynamodb.get_item(TableName=TABLE, Key={"id": {"S": order}}).get("Item")
    if row is None:
        raise LookupError(f"there is no order {order}")
    key = f"{PREFIX}/{order}.json"
    if row["state"]["S"] == "cancelled":
        s3.delete_object(Bucket=BUCKET, Key=key)
        return
    total = Decimal(row["total"]["N"])
    receipt = {"order": order, "customer": row["customer"]["S"], "total": str(total)}
    if row["loyal"]["BOOL"]:
        receipt["orders"] = orders_of(row["customer"]["S"])
    if "card" in row:
        receipt["card"] = card_of(order, row["card"]["S"])[-4:]
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(receipt).encode())
    if total > REVIEW_ABOVE:
        sns.publish(TopicArn=TOPIC, Message=json.dumps(receipt))


def orders_of(customer):
    """How many orders this customer has."""
    answer = dynamodb.query(
        TableName=TABLE,
        IndexName=INDEX,
        KeyConditionExpression="customer = :customer",
        ExpressionAttributeValues={":customer": {"S": customer}},
        Select="COUNT",
    )
    return answer["Count"]


def card_of(order, cipher):
    """The number of the card; the cipher was made for this order and no other."""
    answer = kms.decrypt(CiphertextBlob=base64.b64decode(cipher), EncryptionContext={"order": order})
    return answer["Plaintext"].decode()
