"""A busy bank is asked again, a declined card is not, and Lambda's own refusals are waited out."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_a_busy_bank_is_asked_again_and_a_declined_card_is_not(aws, lab, session):
    dynamodb, stepfunctions = aws("dynamodb"), aws("stepfunctions")
    machine = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}

    def ends(card):
        order = {"id": f"check-{uuid4().hex}", "cents": 1, "card": card, "address": "1 Check Road"}
        begun = stepfunctions.start_execution(stateMachineArn=machine[lab.name("machine")], input=json.dumps({"order": order}))
        session.wait(120)
        key = {"pk": {"S": f"order#{order['id']}"}}
        row = dynamodb.get_item(TableName=lab.name("table"), Key=key, ConsistentRead=True)["Item"]
        status = stepfunctions.describe_execution(executionArn=begun["executionArn"])["status"]
        return status, int(row["tries"]["N"])

    status, tries = ends("busy")
    expect(status == "SUCCEEDED", f"The bank pays at the third try; it was asked {tries} times, and the order ended {status}.")
    status, tries = ends("declined")
    expect(tries == 1, f"A declined card was tried {tries} times: name the errors that may pass, not all of them.")
    expect(status == "FAILED", f"An order with a declined card ended {status}.")


def test_what_lambda_itself_turns_away_is_tried_again_in_every_step(aws, lab):
    machine = {row["name"]: row["stateMachineArn"] for row in aws("stepfunctions").list_state_machines()["stateMachines"]}
    definition = json.loads(
        aws("stepfunctions").describe_state_machine(stateMachineArn=machine[lab.name("machine")])["definition"]
    )
    wanted = {"Lambda.TooManyRequestsException", "States.ALL", "States.TaskFailed"}
    tasks = {name: state for name, state in definition["States"].items() if state["Type"] == "Task"}
    bare = [
        name
        for name, state in tasks.items()
        if not any(wanted & set(rule["ErrorEquals"]) and rule.get("MaxAttempts", 3) > 0 for rule in state.get("Retry", []))
    ]
    expect(not bare, f"{', '.join(bare)} gives up when Lambda is out of concurrency (Lambda.TooManyRequestsException).")
