"""The same actions on the neighbours' things are refused, and on its own they work."""

import json

from autograder.checks.expect import expect


def _bucket(aws, lab):
    return lab.name("bucket").format(account=aws("sts").get_caller_identity()["Account"])


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


def test_its_own_things_are_open(aws, lab, session):
    said = _run(aws, lab, {"order": "A-1"})
    expect("amount 20" in said, f"The function does not work any more; it says: {said}")
    account = _table(aws, lab, "table").split(":")[4]
    group = f"arn:aws:logs:{session.region}:{account}:log-group:/aws/lambda/{lab.name('function')}"
    expect(
        _may(aws, lab, "logs:PutLogEvents", f"{group}:log-stream:check"),
        "The function works and is silent: logs:PutLogEvents is about a stream in the group, so the ARN ends with :*.",
    )


def test_the_neighbours_things_are_refused(aws, lab, session):
    said = _run(aws, lab, {"order": "ada", "kind": "salaries"})
    expect("AccessDenied" in said, f"The function still reads the table of salaries; it says: {said}")
    orders, bucket = _table(aws, lab, "table"), _bucket(aws, lab)
    prefix = f"arn:aws:logs:{session.region}:{orders.split(':')[4]}:log-group:/aws/lambda"
    probes = [
        ("dynamodb:GetItem", f"{orders}-archive"),
        ("s3:PutObject", f"arn:aws:s3:::{bucket}/index.html"),
        ("s3:PutObject", f"arn:aws:s3:::{bucket}-archive/2026/check.txt"),
        ("logs:PutLogEvents", f"{prefix}/payroll:log-stream:check"),
    ]
    open_still = [f"{action} on {resource}" for action, resource in probes if _may(aws, lab, action, resource)]
    expect(not open_still, f"The role still reaches what belongs to others: {', '.join(open_still)}.")
