"""The role has the actions that the function's good path takes, its log among them, and none beside them."""

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


def test_what_it_does_is_allowed(aws, lab, session):
    orders, bucket = _table(aws, lab, "table"), _bucket(aws, lab)
    expect(_may(aws, lab, "dynamodb:GetItem", orders), "The role may not read an order (dynamodb:GetItem).")
    expect(
        _may(aws, lab, "s3:PutObject", f"arn:aws:s3:::{bucket}/2026/check.txt"),
        "The role may not write a receipt (s3:PutObject).",
    )
    stream = f"arn:aws:logs:{session.region}:{orders.split(':')[4]}:log-group:/aws/lambda/{lab.name('function')}:log-stream:check"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        expect(_may(aws, lab, action, stream), f"The function works and is silent: its role lacks {action} for its own log.")
    said = _run(aws, lab, {"order": "A-1"})
    expect("amount 20" in said, f"The function does not work any more; it says: {said}")


def test_what_it_does_not_do_is_refused(aws, lab):
    orders, bucket = _table(aws, lab, "table"), _bucket(aws, lab)
    probes = [(f"dynamodb:{name}", orders) for name in ("DeleteTable", "Scan", "PutItem", "UpdateItem", "BatchGetItem")]
    probes += [("s3:PutBucketPolicy", f"arn:aws:s3:::{bucket}"), ("s3:PutObjectAcl", f"arn:aws:s3:::{bucket}/2026/check.txt")]
    probes += [
        ("s3:DeleteObject", f"arn:aws:s3:::{bucket}/2026/check.txt"),
        ("logs:DeleteLogGroup", "*"),
        ("iam:CreateUser", "*"),
    ]
    open_still = [action for action, resource in probes if _may(aws, lab, action, resource)]
    expect(not open_still, f"The role still allows {', '.join(open_still)}, and the function does none of that.")
