"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    names = [row["Name"] for row in aws("apigatewayv2").get_apis()["Items"]]
    expect(lab.name("api") not in names, f"The API {lab.name('api')} is still there.")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    expect(lab.name("function") not in functions, f"The function {lab.name('function')} is still there.")
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{lab.name('function')}")["logGroups"]
    expect(not groups, "The function's log group is still there: it would be billed for storage for ever.")
    expect(lab.name("table") not in aws("dynamodb").list_tables()["TableNames"], f"The table {lab.name('table')} is still there.")
    roles = [row["RoleName"] for row in aws("iam").list_roles()["Roles"]]
    expect(lab.name("role") not in roles, f"The role {lab.name('role')} is still there.")
