"""Asked for twice, the order was started once."""

import json

from autograder.checks.expect import expect


def test_the_order_was_started_once(aws, lab, session):
    session.wait(30)
    stepfunctions = aws("stepfunctions")
    machine = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}
    rows = stepfunctions.list_executions(stateMachineArn=machine[lab.name("machine")])["executions"]
    inputs = {row["name"]: stepfunctions.describe_execution(executionArn=row["executionArn"])["input"] for row in rows}
    own = [name for name, text in inputs.items() if json.loads(text).get("order", {}).get("id") == "o-8"]
    expect(own, "The order o-8 has not been started.")
    expect(len(own) == 1, f"The order o-8 was started {len(own)} times, as {', '.join(own)}.")
    expect(
        own[0] != "" and "o-8" in own[0], f"The execution is called {own[0]}: a second start would not find it by the order's id."
    )
