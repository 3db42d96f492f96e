"""The customer's item remembers which orders it counts; the order itself may be put as often as it comes."""

import json
import os

import boto3

tables = boto3.resource("dynamodb")
ORDERS = tables.Table(os.environ["ORDERS"])
CUSTOMERS = tables.Table(os.environ["CUSTOMERS"])
QUANTITY_MAX = int(os.environ["QUANTITY_MAX"])
CONDITION_FAILED = tables.meta.client.exceptions.ConditionalCheckFailedException


def handle(event, _context):
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in event["Records"] if not done(record)]}


def done(record):
    try:
        work(json.loads(record["body"]))
    except Exception as error:
        print(json.dumps({"level": "ERROR", "message": record["messageId"], "exception": type(error).__name__}))
        return False
    return True


def work(order):
    for name in ("orderId", "customer"):
        must(isinstance(order[name], str) and order[name], name)
    must(order["items"], "items")
    total = sum(map(price, order["items"]))
    first = keep(order["orderId"], order["customer"], total)
    count(order["orderId"], first["customer"], first["totalCents"])


def price(item):
    quantity, cents = item["quantity"], item["cents"]
    must(isinstance(item["sku"], str) and item["sku"], "sku")
    must(type(quantity) is int and 1 <= quantity <= QUANTITY_MAX, "quantity")
    must(type(cents) is int and cents >= 0, "cents")
    return quantity * cents


def must(condition, name):
    if not condition:
        raise ValueError(name)


def keep(order_id, customer, total):
    """What is stored under this id: what came first counts."""
    item = {"orderId": order_id, "customer": customer, "totalCents": total}
    try:
        ORDERS.put_item(Item=item, ConditionExpression="attribute_not_exists(orderId)")
    except CONDITION_FAILED:
        return ORDERS.get_item(Key={"orderId": order_id}, ConsistentRead=True)["Item"]
    return item


def count(order_id, customer, total):
    """A set in the item grows to what an item may hold: some ten thousand orders a customer, which a shop of this size bears."""
    try:
        CUSTOMERS.update_item(
            Key={"customer": customer},
            UpdateExpression="ADD orders :one, spent :total, counted :ids",
            ConditionExpression="NOT contains(counted, :id)",
            ExpressionAttributeValues={":one": 1, ":total": total, ":ids": {order_id}, ":id": order_id},
        )
    except CONDITION_FAILED:
        return
