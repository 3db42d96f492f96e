"""Two copies of an order are charged once, and its refund is a work of its own."""

import json

from autograder.checks.expect import expect


def _work(aws, lab, kind, cents, sent_at):
    event = {"order": "check-key", "kind": kind, "customer": "check-key", "cents": cents, "sent_at": sent_at}
    answer = aws("lambda").invoke(FunctionName=lab.name("function"), Payload=json.dumps(event).encode())
    text = answer["Payload"].read().decode()
    expect(not answer.get("FunctionError"), f"The worker failed: {text}")


def test_copies_are_one_and_a_refund_is_another(aws, lab):
    dynamodb = aws("dynamodb")
    ledger, memory = lab.name("ledger"), lab.name("memory")
    key = {"customer": {"S": "check-key"}}
    dynamodb.put_item(TableName=ledger, Item={**key, "cents": {"N": "0"}})
    for item in dynamodb.scan(TableName=memory, ConsistentRead=True)["Items"]:
        if "check-key" in item["id"]["S"]:
            dynamodb.delete_item(TableName=memory, Key={"id": item["id"]})

    def owes():
        return int(dynamodb.get_item(TableName=ledger, Key=key, ConsistentRead=True)["Item"]["cents"]["N"])

    _work(aws, lab, "charge", 500, "09:00")
    expect(owes() == 500, f"One order of 500 cents made the customer owe {owes()}.")
    _work(aws, lab, "charge", 500, "09:01")
    expect(
        owes() == 500,
        f"The same order, sent again a minute later, made the customer owe {owes()} cents. Copies must have the same key, and "
        "the second write of that key must fail.",
    )
    _work(aws, lab, "refund", 100, "09:30")
    expect(owes() == 400, f"After a refund of 100 cents the customer owes {owes()}: a refund of an order is not the order.")
