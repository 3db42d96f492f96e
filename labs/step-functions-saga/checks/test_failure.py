"""An execution has failed because a card was declined."""

from autograder.checks.expect import expect


def test_an_order_failed_because_its_card_was_declined(aws, lab):
    stepfunctions = aws("stepfunctions")
    found = {row["name"]: row["stateMachineArn"] for row in stepfunctions.list_state_machines()["stateMachines"]}
    rows = stepfunctions.list_executions(stateMachineArn=found[lab.name("machine")], statusFilter="FAILED")["executions"]
    errors = [stepfunctions.describe_execution(executionArn=row["executionArn"]).get("error", "") for row in rows]
    expect(
        "PaymentDeclined" in errors, f"The executions that failed say {errors or 'nothing'}; start one whose card is declined."
    )
    names = {"TableName": lab.name("table"), "Key": {"pk": {"S": "order#o-2"}}, "ConsistentRead": True}
    row = aws("dynamodb").get_item(**names).get("Item", {})
    happened = [one["S"] for one in row.get("happened", {"L": []})["L"]]
    expect(happened, "The order o-2 has left no trace in the shop.")
