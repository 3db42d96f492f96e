"""Nothing the lab made is left: no function, no role, no queue, no log group."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function, role, queue = lab.name("function"), lab.name("role"), lab.name("queue")
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    expect(function not in functions, f"The function {function} is still there.")
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    expect(not groups, f"The log group /aws/lambda/{function} is still there: it would be billed for storage for ever.")
    roles = [row["RoleName"] for row in aws("iam").list_roles()["Roles"]]
    expect(role not in roles, f"The role {role} is still there.")
    queues = aws("sqs").list_queues(QueueNamePrefix=queue).get("QueueUrls", [])
    expect(not queues, f"The queue {queue} is still there.")
