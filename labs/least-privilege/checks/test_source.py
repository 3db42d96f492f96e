"""The table is open to calls of this function, and to no other that carries the role."""

import json

from autograder.checks.expect import expect


def _may(aws, lab, action, resource, source=""):
    """Whether the role may, as a call of the function's own code unless ``source`` names another."""
    iam, function = aws("iam"), lab.name("function")
    role = iam.get_role(RoleName=lab.name("role"))["Role"]["Arn"]
    own = aws("lambda").get_function_configuration(FunctionName=function)["FunctionArn"]
    entry = {"ContextKeyName": "lambda:SourceFunctionArn", "ContextKeyValues": [source or own], "ContextKeyType": "string"}
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource], ContextEntries=[entry]
    )
    return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


def _run(aws, lab, event, key="function"):
    """What one call came to: the result, or the message of the error."""
    answer = aws("lambda").invoke(FunctionName=lab.name(key), Payload=json.dumps(event))
    found = json.loads(answer["Payload"].read())
    return str(found.get("errorMessage", found)) if isinstance(found, dict) else str(found)


def _table(aws, lab, key):
    return aws("dynamodb").describe_table(TableName=lab.name(key))["Table"]["TableArn"]


def test_the_function_reads_and_the_stranger_does_not(aws, lab):
    said = _run(aws, lab, {"order": "A-1"})
    expect("amount 20" in said, f"The condition shuts out the function itself; it says: {said}")
    said = _run(aws, lab, {"order": "A-1"}, "stranger")
    expect("AccessDenied" in said, f"Another function with the same role still reads an order; it says: {said}")


def test_no_other_function_of_the_account_reads(aws, lab):
    orders = _table(aws, lab, "table")
    own = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["FunctionArn"]
    for other in (f"{own}-copy", own.rpartition(":")[0] + ":payroll"):
        expect(not _may(aws, lab, "dynamodb:GetItem", orders, other), f"A call of the function {other} would be allowed too.")
