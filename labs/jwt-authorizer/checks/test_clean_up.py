"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    names = {key: lab.name(key) for key in ("function", "depot", "login", "gate")}
    own = {lab.name("api"), lab.name("login_api")}
    left = [f"API {row['Name']}" for row in aws("apigatewayv2").get_apis()["Items"] if row["Name"] in own]
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left += [f"function {name}" for name in functions if name in names.values()]
    groups = {lab.name("access_log"), *(f"/aws/lambda/{name}" for name in names.values())}
    found = [row["logGroupName"] for row in aws("logs").describe_log_groups()["logGroups"]]
    left += [f"log group {name}" for name in found if name in groups]
    roles = {lab.name("role"), lab.name("job")}
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] in roles]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("table")]
    expect(not left, f"Still there: {', '.join(left)}.")
