"""A note whose owner died is taken over by the owner's retry, by nobody else, and never counts as done."""

import json

from autograder.checks.expect import expect


def _owes(aws, lab, customer):
    key = {"customer": {"S": customer}}
    item = aws("dynamodb").get_item(TableName=lab.name("ledger"), Key=key, ConsistentRead=True).get("Item", {})
    return int(item.get("cents", {"N": "0"})["N"])


def _invoke(aws, lab, order):
    event = {"order": order, "kind": "charge", "customer": order, "cents": 500, "sent_at": "11:00"}
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps(event).encode())
    return answer.get("FunctionError"), answer["Payload"].read().decode()


def test_the_retry_went_on_where_the_first_attempt_died(aws, lab):
    owed = _owes(aws, lab, "D-1")
    expect(
        owed == 500,
        f"D-1 owes {owed} cents and should owe 500: its first attempt died and left an open note; its retry must take it over.",
    )


def test_an_open_note_of_somebody_else_is_neither_taken_nor_taken_for_done(aws, lab):
    note = {"id": {"S": "check-open#charge"}, "state": {"S": "OPEN"}, "owner": {"S": "somebody-else"}}
    aws("dynamodb").put_item(TableName=lab.name("memory"), Item=note)
    aws("dynamodb").put_item(TableName=lab.name("ledger"), Item={"customer": {"S": "check-open"}, "cents": {"N": "0"}})
    error, _ = _invoke(aws, lab, "check-open")
    expect(_owes(aws, lab, "check-open") == 0, "Another copy is at work on an order, and this one charged it as well.")
    expect(error, "Another copy is at work, and this one ended well: if the other dies, nobody comes back. Raise instead.")


def test_what_is_done_stays_done(aws, lab):
    aws("dynamodb").delete_item(TableName=lab.name("memory"), Key={"id": {"S": "check-done#charge"}})
    aws("dynamodb").put_item(TableName=lab.name("ledger"), Item={"customer": {"S": "check-done"}, "cents": {"N": "0"}})
    for attempt in ("first", "second"):
        error, payload = _invoke(aws, lab, "check-done")
        expect(not error, f"The {attempt} copy of an order failed: {payload}")
    owed = _owes(aws, lab, "check-done")
    expect(owed == 500, f"An order of 500 cents that came twice makes the customer owe {owed}.")
