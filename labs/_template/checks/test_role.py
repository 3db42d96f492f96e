"""The role can be assumed by Lambda and by nobody else."""

from autograder.checks.expect import expect


def test_lambda_and_nobody_else_may_become_the_role(aws, lab):
    role = aws("iam").get_role(RoleName=lab.name("role"))["Role"]
    statements = role["AssumeRolePolicyDocument"]["Statement"]
    principals = [statement.get("Principal") for statement in statements if statement.get("Effect") == "Allow"]
    expect(
        principals == [{"Service": "lambda.amazonaws.com"}],
        f"The trust policy must let lambda.amazonaws.com, and only it, assume the role; yours names {principals}.",
    )
