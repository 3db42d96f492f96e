"""Nothing the lab made is left, the mapping least of all."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab, session):
    session.wait(60)
    function, role, table = lab.name("function"), lab.name("role"), lab.name("table")
    mappings = aws("lambda").list_event_source_mappings()["EventSourceMappings"]
    left = [
        f"mapping {row['UUID']}, which goes on asking the queue"
        for row in mappings
        if row.get("FunctionArn", "").endswith(f":{function}") and row["State"] != "Deleting"
    ]
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left += [f"function {function}"] if function in functions else []
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {role}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == role]
    left += [f"queue {url}" for url in aws("sqs").list_queues(QueueNamePrefix=lab.name("queue")).get("QueueUrls", [])]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == table]
    expect(not left, f"Still there: {', '.join(left)}.")
