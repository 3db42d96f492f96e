"""A good order is reserved, charged and shipped, and the machine's role may call the one function."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_an_order_is_sold(aws, lab, session):
    machine = _machine(aws, lab)
    order = {"id": f"check-{uuid4().hex}", "cents": 1, "card": "good", "address": "1 Check Road"}
    begun = aws("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps({"order": order}))
    session.wait(30)
    found = aws("stepfunctions").describe_execution(executionArn=begun["executionArn"])
    why = f"{found.get('error', '')}: {found.get('cause', '')}"[:300]
    expect(found["status"] == "SUCCEEDED", f"A good order ended {found['status']}: {why}")
    key = {"pk": {"S": f"order#{order['id']}"}}
    row = aws("dynamodb").get_item(TableName=lab.name("table"), Key=key, ConsistentRead=True).get("Item", {})
    happened = [one["S"] for one in row.get("happened", {"L": []})["L"]]
    expect(happened == ["reserved", "charged", "shipped"], f"What happened to the order: {', '.join(happened) or 'nothing'}.")


def test_the_machine_may_call_this_function_and_no_other(aws, lab, session):
    role = aws("iam").get_role(RoleName=lab.name("machine_role"))["Role"]["Arn"]
    prefix = f"arn:aws:lambda:{session.region}:{role.split(':')[4]}:function"

    def may(function):
        answer = aws("iam").simulate_principal_policy(
            PolicySourceArn=role, ActionNames=["lambda:InvokeFunction"], ResourceArns=[f"{prefix}:{function}"]
        )
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    expect(may(lab.name("function")), "The machine's role may not call the function.")
    expect(not may("another-function"), "The machine's role may call every function of the account: name this one.")


def _machine(aws, lab):
    found = {row["name"]: row["stateMachineArn"] for row in aws("stepfunctions").list_state_machines()["stateMachines"]}
    expect(lab.name("machine") in found, f"There is no state machine {lab.name('machine')}.")
    return found[lab.name("machine")]
