"""Nothing the lab made is left."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function, account = lab.name("function"), aws("sts").get_caller_identity()["Account"]
    left = [
        f"function {row['FunctionName']}"
        for row in aws("lambda").list_functions()["Functions"]
        if row["FunctionName"] == function
    ]
    left += [
        f"layer {lab.name('layer')}" for _ in aws("lambda").list_layer_versions(LayerName=lab.name("layer"))["LayerVersions"]
    ]
    buckets = {f"photos-in-{account}", f"photos-out-{account}"}
    left += [f"bucket {row['Name']}" for row in aws("s3").list_buckets()["Buckets"] if row["Name"] in buckets]
    left += [f"table {name}" for name in aws("dynamodb").list_tables()["TableNames"] if name == lab.name("table")]
    topics = [row["TopicArn"] for row in aws("sns").list_topics()["Topics"]]
    left += [f"topic {arn}" for arn in topics if arn.endswith(f":{lab.name('topic')}")]
    for name in (lab.name("inbox"), lab.name("failures")):
        left += [f"queue {url}" for url in aws("sqs").list_queues(QueueNamePrefix=name).get("QueueUrls", [])]
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {row['RoleName']}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == lab.name("role")]
    expect(not left, f"Still there: {', '.join(left)}.")
