"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function, role = lab.name("function"), lab.name("role")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    expect(function not in functions, f"The function {function} is still there.")
    roles = [row["RoleName"] for row in aws("iam").list_roles()["Roles"]]
    expect(role not in roles, f"The role {role} is still there.")
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    expect(not groups, f"The log group of {function} is still there: it would be billed for storage for ever.")
