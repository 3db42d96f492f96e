"""An order whose payment fails gives its reservation back, and its execution says that it failed."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_a_declined_card_leaves_the_stock_as_it_was(aws, lab, session):
    dynamodb, stepfunctions = aws("dynamodb"), aws("stepfunctions")

    def held(key):
        return dynamodb.get_item(TableName=lab.name("table"), Key={"pk": {"S": key}}, ConsistentRead=True).get("Item", {})

    stock = int(held("stock")["amount"]["N"])
    machine = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}
    order = {"id": f"check-{uuid4().hex}", "cents": 1, "card": "declined", "address": "1 Check Road"}
    begun = stepfunctions.start_execution(stateMachineArn=machine[lab.name("machine")], input=json.dumps({"order": order}))
    session.wait(60)
    found = stepfunctions.describe_execution(executionArn=begun["executionArn"])
    why = f"{found.get('error', '')} {found.get('cause', '')}"[:300]
    happened = [one["S"] for one in held(f"order#{order['id']}").get("happened", {"L": []})["L"]]
    expect("released" in happened, f"A declined order was {', '.join(happened)}, and not released. Its execution says: {why}")
    left = int(held("stock")["amount"]["N"])
    expect(left == stock, f"There were {stock} in stock before a declined order, and {left} after it.")
    expect(found["status"] == "FAILED", f"An order that was taken back ended {found['status']}: nobody will look at it.")
