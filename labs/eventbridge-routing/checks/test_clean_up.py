"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    events = aws("events")
    left = [f"event bus {row['Name']}" for row in events.list_event_buses()["EventBuses"] if row["Name"] == lab.name("bus")]
    archives = events.list_archives()["Archives"]
    left += [f"archive {row['ArchiveName']}" for row in archives if row["ArchiveName"] == lab.name("archive")]
    schedules = aws("scheduler").list_schedules()["Schedules"]
    left += [f"schedule {row['Name']}, which goes on asking" for row in schedules if row["Name"] == lab.name("schedule")]
    function, roles = lab.name("shipping"), {lab.name("shipping_role"), lab.name("schedule_role")}
    listed = aws("lambda").list_functions()["Functions"]
    left += [f"function {function}" for row in listed if row["FunctionName"] == function]
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] in roles]
    names = [url.rpartition("/")[2] for url in aws("sqs").list_queues().get("QueueUrls", [])]
    left += [f"queue {name}" for name in names if name in (lab.name("billing_queue"), lab.name("letters"))]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("parcels")]
    expect(not left, f"Still there: {', '.join(left)}.")
