"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def _bucket(aws, lab):
    return lab.name("bucket").format(account=aws("sts").get_caller_identity()["Account"])


def test_nothing_is_left(aws, lab):
    functions, tables = {lab.name("function"), lab.name("stranger")}, {lab.name("table"), lab.name("sibling")}
    named = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left = [f"function {name}" for name in named if name in functions]
    for function in sorted(functions):
        groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
        left += [f"log group {row['logGroupName']}" for row in groups]
    iam = aws("iam")
    left += [f"role {row['RoleName']}" for row in iam.list_roles()["Roles"] if row["RoleName"] == lab.name("role")]
    policies = iam.list_policies(Scope="Local")["Policies"]
    left += [f"policy {row['PolicyName']}" for row in policies if row["PolicyName"] == lab.name("ceiling")]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name in tables]
    left += [f"queue {url}" for url in aws("sqs").list_queues(QueueNamePrefix=lab.name("queue")).get("QueueUrls", [])]
    left += [f"bucket {row['Name']}" for row in aws("s3").list_buckets()["Buckets"] if row["Name"] == _bucket(aws, lab)]
    expect(not left, f"Still there: {', '.join(left)}.")
