"""The same order was handed over twice, and charged twice: the failure this lab is about was seen."""

from autograder.checks.expect import expect


def test_one_order_was_charged_twice(aws, lab, session):
    session.wait(5)
    item = aws("dynamodb").get_item(TableName=lab.name("ledger"), Key={"customer": {"S": "A-1"}}, ConsistentRead=True).get("Item")
    cents = int(item["cents"]["N"]) if item else 0
    expect(cents != 500, "A-1 was charged once: 500 cents. Send it again, as a sender does that is not sure.")
    expect(cents == 1000, f"A-1 owes {cents} cents; an order of 500 that came twice makes this worker charge 1000.")
