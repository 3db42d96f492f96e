"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    functions = {lab.name("function"), lab.name("advisor")}
    named = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left = [f"function {name}" for name in named if name in functions]
    for function in sorted(functions):
        groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
        left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == lab.name("role")]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("table")]
    expect(not left, f"Still there: {', '.join(left)}.")
