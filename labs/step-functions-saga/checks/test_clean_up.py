"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    machines = [
        row["name"]
        for row in aws("stepfunctions").list_state_machines()["stateMachines"]
        if aws("stepfunctions").describe_state_machine(stateMachineArn=row["stateMachineArn"])["status"] == "ACTIVE"
    ]
    expect(lab.name("machine") not in machines, f"The state machine {lab.name('machine')} is still there.")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    expect(lab.name("function") not in functions, f"The function {lab.name('function')} is still there.")
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{lab.name('function')}")["logGroups"]
    expect(not groups, "The function's log group is still there: it would be billed for storage for ever.")
    tables = aws("dynamodb").list_tables()["TableNames"]
    expect(lab.name("table") not in tables, f"The table {lab.name('table')} is still there.")
    roles = [row["RoleName"] for row in aws("iam").list_roles()["Roles"]]
    left = [name for name in (lab.name("role"), lab.name("machine_role")) if name in roles]
    expect(not left, f"Still there: the role {', '.join(left)}.")
