"""A payment whose answer was lost is made once."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_a_payment_whose_answer_was_lost_is_made_once(aws, lab, session):
    dynamodb, stepfunctions = aws("dynamodb"), aws("stepfunctions")

    def till():
        row = dynamodb.get_item(TableName=lab.name("table"), Key={"pk": {"S": "till"}}, ConsistentRead=True)["Item"]
        return int(row["amount"]["N"])

    machine = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}

    def paid(card):
        before = till()
        order = {"id": f"check-{uuid4().hex}", "cents": 300, "card": card, "address": "1 Check Road"}
        begun = stepfunctions.start_execution(stateMachineArn=machine[lab.name("machine")], input=json.dumps({"order": order}))
        session.wait(120)
        status = stepfunctions.describe_execution(executionArn=begun["executionArn"])["status"]
        expect(status == "SUCCEEDED", f"An order of 300 cents with the card {card} ended {status}.")
        return till() - before

    cents = paid("no-answer")
    expect(cents == 300, f"An order of 300 cents whose first answer was lost brought {cents} cents into the till.")
    for _ in range(2):
        cents = paid("good")
        expect(cents == 300, f"Another order of 300 cents brought {cents} cents into the till: is the mark one for all orders?")
