"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function, role = lab.name("function"), lab.name("role")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left = [f"function {function}"] if function in functions else []
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {role}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == role]
    tables = {lab.name("ledger"), lab.name("memory")}
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name in tables]
    expect(not left, f"Still there: {', '.join(left)}.")
