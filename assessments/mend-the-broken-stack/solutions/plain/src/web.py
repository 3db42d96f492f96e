"""Places orders, takes payments, looks orders up."""

import json
import os

import boto3

TABLE = os.environ["TABLE"]
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    body = json.loads(event.get("body") or "{}")
    number = event.get("pathParameters", {}).get("id", "")
    return ROUTES[event["routeKey"]](number, body)


def place(_number, order):
    """Card orders are paid at once; the others are paid by invoice, later. The same order placed twice is one order."""
    status = "paid" if order["payment"] == "card" else "open"
    item = {"id": order["id"], "status": status, "address": order["address"]}
    try:
        dynamodb.put_item(
            TableName=TABLE,
            Item={name: {"S": value} for name, value in item.items()},
            ConditionExpression="attribute_not_exists(id)",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return answer(200, {"id": order["id"]})
    return answer(201, {"id": order["id"], "status": status})


def pay(number, _body):
    """Only an open order becomes a paid one."""
    try:
        dynamodb.update_item(
            TableName=TABLE,
            Key={"id": {"S": number}},
            UpdateExpression="SET #status = :paid",
            ConditionExpression="#status = :open",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":paid": {"S": "paid"}, ":open": {"S": "open"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return answer(409, {"message": "there is no open order of that number"})
    return answer(200, {"id": number, "status": "paid"})


def look_up(number, _body):
    item = dynamodb.get_item(TableName=TABLE, Key={"id": {"S": number}}).get("Item")
    if item is None:
        return answer(404, {"message": "there is no order of that number"})
    return answer(200, {name: value["S"] for name, value in item.items() if name != "address"})


def answer(status, body):
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}


ROUTES = {"POST /orders": place, "POST /orders/{id}/payment": pay, "GET /orders/{id}": look_up}
