"""The role can be assumed by Lambda and by nobody else, and may write this function's log and nothing more."""

from autograder.checks.expect import expect


def test_lambda_and_nobody_else_may_become_the_role(aws, lab):
    role = aws("iam").get_role(RoleName=lab.name("role"))["Role"]
    statements = role["AssumeRolePolicyDocument"]["Statement"]
    principals = [statement.get("Principal") for statement in statements if statement.get("Effect") == "Allow"]
    expect(
        principals == [{"Service": "lambda.amazonaws.com"}],
        f"The trust policy must let lambda.amazonaws.com, and only it, assume the role; yours names {principals}.",
    )


def test_the_role_may_write_its_own_log_and_nothing_else(aws, lab, session):
    iam = aws("iam")
    role = iam.get_role(RoleName=lab.name("role"))["Role"]
    account = role["Arn"].split(":")[4]

    def may(action: str, log_group: str) -> bool:
        group = f"arn:aws:logs:{session.region}:{account}:log-group:{log_group}"
        # CloudWatch Logs authorizes group actions on the group's ARN with a trailing ":log-stream:", hence ":*" in policies.
        resource = f"{group}:log-stream:" if action.endswith("LogGroup") else f"{group}:log-stream:any"
        answer = iam.simulate_principal_policy(PolicySourceArn=role["Arn"], ActionNames=[action], ResourceArns=[resource])
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"

    own = f"/aws/lambda/{lab.name('function')}"
    for action in ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"):
        expect(
            may(action, own), f"The role does not allow {action} on the log group {own}: the function could not write its log."
        )
    expect(
        not may("logs:PutLogEvents", "/aws/lambda/somebody-else"),
        "The role may write into other functions' logs too. Name this function's log group in Resource.",
    )
    expect(
        not may("logs:DeleteLogGroup", own), "The role may delete its own log. Name the actions it needs instead of a wildcard."
    )
