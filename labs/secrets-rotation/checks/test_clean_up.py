"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    functions, roles = {lab.name("pay"), lab.name("rotate")}, {lab.name("pay_role"), lab.name("rotate_role")}
    listed = aws("lambda").list_functions()["Functions"]
    left = [f"function {row['FunctionName']}" for row in listed if row["FunctionName"] in functions]
    for function in sorted(functions):
        groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
        left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] in roles]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("bank")]
    secrets = aws("secretsmanager").list_secrets()["SecretList"]
    left += [f"secret {row['Name']}, which costs until it is deleted" for row in secrets if row["Name"] == lab.name("secret")]
    expect(not left, f"Still there: {', '.join(left)}.")
