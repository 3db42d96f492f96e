"""One transaction an order: the order is put if it is new, and its customer's sums grow, or neither happens."""

import logging
import os

import boto3
from botocore.exceptions import ClientError
from orders import read_order

ORDERS = os.environ["ORDER_TABLE"]
CUSTOMERS = os.environ["CUSTOMER_TABLE"]
QUANTITY_MAX = int(os.environ["QUANTITY_MAX"])
TOTAL = os.environ["TOTAL_ATTRIBUTE"]

dynamodb = boto3.client("dynamodb")
log = logging.getLogger()
log.setLevel("INFO")


def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            store(read_order(record["body"], QUANTITY_MAX))
        except Exception:
            log.exception("An order failed", extra={"messageId": record["messageId"]})
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def store(order):
    """Raises for whatever is worth another attempt; an order that is known already is none."""
    item = {"orderId": {"S": order.id}, "customer": {"S": order.customer}, TOTAL: {"N": str(order.total)}}
    put = {"TableName": ORDERS, "Item": item, "ConditionExpression": "attribute_not_exists(orderId)"}
    add = {
        "TableName": CUSTOMERS,
        "Key": {"customer": {"S": order.customer}},
        "UpdateExpression": "ADD #orders :one, #spent :total",
        "ExpressionAttributeNames": {"#orders": "orders", "#spent": "spent"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":total": {"N": str(order.total)}},
    }
    try:
        dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"Update": add}])
    except ClientError as error:
        if not known(error):
            raise


def known(error):
    """Whether the transaction was given up because the order is there, and for no other reason."""
    reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", ())]
    return reasons[:1] == ["ConditionalCheckFailed"]
