"""Under the boundary a star is worth nothing, and both paths of the function still work."""

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


def test_the_star_is_still_there_and_worth_nothing(aws, lab):
    role = aws("iam").get_role(RoleName=lab.name("role"))["Role"]
    expect(role.get("PermissionsBoundary"), "The role has no permissions boundary.")
    names = aws("iam").list_role_policies(RoleName=lab.name("role"))["PolicyNames"]
    expect(
        "for-a-moment" in names, "The star is gone: this step is about a role that has one and cannot use it. Run the cell again."
    )
    orders = _table(aws, lab, "table")
    probes = [("dynamodb:DeleteTable", orders), ("s3:PutBucketPolicy", f"arn:aws:s3:::{lab.name('bucket')}")]
    probes += [("iam:CreateUser", "*"), ("lambda:UpdateFunctionCode", "*"), ("sqs:PurgeQueue", "*")]
    open_still = [action for action, resource in probes if _may(aws, lab, action, resource)]
    expect(not open_still, f"With the star the role may {', '.join(open_still)}: the ceiling is too high.")


def test_both_paths_still_work(aws, lab):
    for order, words, path in (("A-1", "amount 20", "good"), ("check-unknown", "told", "error")):
        said = _run(aws, lab, {"order": order})
        expect(words in said, f"Under the ceiling the {path} path fails: {said}")
