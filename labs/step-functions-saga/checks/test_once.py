"""Asked for twice, the latest try's order was started once; what earlier tries started cannot be undone."""

import json

from autograder.checks.expect import expect


def test_the_order_was_started_once(aws, lab, session):
    session.wait(30)
    stepfunctions = aws("stepfunctions")
    machine = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}
    rows = stepfunctions.list_executions(stateMachineArn=machine[lab.name("machine")])["executions"]
    rows.sort(key=lambda row: row["startDate"], reverse=True)
    orders = {row["name"]: _order(stepfunctions, row["executionArn"]) for row in rows}
    tried = [orders[row["name"]] for row in rows if orders[row["name"]].startswith("o-8")]
    expect(tried, "The order o-8 has not been started.")
    own = [name for name, order in orders.items() if order == tried[0]]
    expect(len(own) == 1, f"The order {tried[0]} was started {len(own)} times, as {', '.join(own)}.")
    expect(
        tried[0] in own[0], f"The execution is called {own[0]}: a second start would not find it by the order's id {tried[0]}."
    )


def _order(stepfunctions, execution):
    return str(json.loads(stepfunctions.describe_execution(executionArn=execution)["input"]).get("order", {}).get("id"))
