"""Charge and memory are written together: neither without the other, and each once."""

import json

from autograder.checks.expect import expect


def _owes(aws, lab, customer):
    key = {"customer": {"S": customer}}
    item = aws("dynamodb").get_item(TableName=lab.name("ledger"), Key=key, ConsistentRead=True).get("Item", {})
    return int(item.get("cents", {"N": "0"})["N"])


def _invoke(aws, lab, order):
    event = {"order": order, "kind": "charge", "customer": order, "cents": 500, "sent_at": "12:00"}
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps(event).encode())
    return answer.get("FunctionError"), answer["Payload"].read().decode()


def test_the_bad_minute_is_over_and_the_order_is_charged_once(aws, lab):
    owed = _owes(aws, lab, "E-1")
    expect(owed == 500, f"E-1 came twice while the table failed once; it owes {owed} cents and should owe 500.")


def test_neither_is_written_without_the_other(aws, lab):
    dynamodb, memory = aws("dynamodb"), lab.name("memory")
    # DynamoDB adds no number to a text: an order of the second customer cannot be charged.
    for order, cents in (("check-both", {"N": "0"}), ("check-none", {"S": "nothing yet"})):
        dynamodb.delete_item(TableName=memory, Key={"id": {"S": f"{order}#charge"}})
        dynamodb.put_item(TableName=lab.name("ledger"), Item={"customer": {"S": order}, "cents": cents})
    for attempt in ("first", "second"):
        error, payload = _invoke(aws, lab, "check-both")
        expect(not error, f"The {attempt} copy of an order failed: {payload}")
    owed = _owes(aws, lab, "check-both")
    expect(owed == 500, f"An order of 500 cents that came twice makes the customer owe {owed}.")
    error, _ = _invoke(aws, lab, "check-none")
    expect(error, "A charge that DynamoDB refuses ended as if all were well.")
    note = dynamodb.get_item(TableName=memory, Key={"id": {"S": "check-none#charge"}}, ConsistentRead=True).get("Item")
    expect(not note, "An order that could not be charged is remembered as done: the two writes are not one.")
