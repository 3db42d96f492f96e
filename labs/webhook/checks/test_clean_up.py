"""Nothing the lab made is left: no door, no reader, no key."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab, session):
    session.wait(60)
    functions = {lab.name("receiver"), lab.name("worker")}
    roles = {lab.name("receiver_role"), lab.name("worker_role")}
    left = [
        f"mapping {row['UUID']}, which goes on asking the queue"
        for row in aws("lambda").list_event_source_mappings()["EventSourceMappings"]
        if row.get("FunctionArn", "").rpartition(":")[2] in functions and row["State"] != "Deleting"
    ]
    named = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left += [f"function {name}" for name in named if name in functions]
    for function in sorted(functions):
        groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
        left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] in roles]
    left += [f"queue {url}" for url in aws("sqs").list_queues(QueueNamePrefix=lab.name("queue")).get("QueueUrls", [])]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("table")]
    kept = aws("secretsmanager").list_secrets()["SecretList"]
    left += [f"secret {row['Name']}" for row in kept if row["Name"] == lab.name("secret")]
    expect(not left, f"Still there: {', '.join(left)}.")
