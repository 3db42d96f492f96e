"""Nothing the lab made is left in any of the accounts."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab, session):
    function, roles = lab.name("function"), {lab.name("role"), lab.name("reader")}
    named = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left = [f"function {name}" for name in named if name == function]
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] in roles]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("table")]
    partner, theirs = session.elsewhere("partner"), {lab.name("caller"), lab.name("bystander")}
    found = partner.client("iam").list_roles()["Roles"]
    left += [f"the partner's role {row['RoleName']}" for row in found if row["RoleName"] in theirs]
    queues = partner.client("sqs").list_queues(QueueNamePrefix=lab.name("queue")).get("QueueUrls", [])
    left += [f"the partner's queue {url}" for url in queues]
    for owner in ("partner", "stranger"):
        buckets = session.elsewhere(owner).client("s3").list_buckets()["Buckets"]
        left += [f"the {owner}'s bucket {row['Name']}" for row in buckets]
    expect(not left, f"Still there: {', '.join(left)}.")
