"""An order that cannot be shipped is refunded, then released."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_a_parcel_that_came_back_undoes_both_steps_in_reverse(aws, lab, session):
    dynamodb, stepfunctions = aws("dynamodb"), aws("stepfunctions")

    def held(key):
        return dynamodb.get_item(TableName=lab.name("table"), Key={"pk": {"S": key}}, ConsistentRead=True).get("Item", {})

    till = int(held("till")["amount"]["N"])
    machine = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}
    order = {"id": f"check-{uuid4().hex}", "cents": 250, "card": "good", "address": "nowhere"}
    begun = stepfunctions.start_execution(stateMachineArn=machine[lab.name("machine")], input=json.dumps({"order": order}))
    session.wait(60)
    found = stepfunctions.describe_execution(executionArn=begun["executionArn"])
    happened = [one["S"] for one in held(f"order#{order['id']}").get("happened", {"L": []})["L"]]
    expect("refunded" in happened, f"An order that could not be shipped was {', '.join(happened)}, and never refunded.")
    expect(
        happened == ["reserved", "charged", "refunded", "released"],
        f"What happened to the order: {', '.join(happened)}. Undo the last step first.",
    )
    left = int(held("till")["amount"]["N"])
    expect(left == till, f"The till held {till} before the order and {left} after it.")
    expect(found["status"] == "FAILED", f"An order that was taken back ended {found['status']}.")
