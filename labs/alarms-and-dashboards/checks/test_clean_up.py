"""Nothing the lab made is left: alarms and dashboards would be paid for by the month."""

from autograder.checks.expect import expect


def test_nothing_is_left(aws, lab):
    function, role = lab.name("function"), lab.name("role")
    found = aws("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    ours = {lab.name(key) for key in ("errors", "silence", "slow", "letters", "refused", "page")}
    alarms = [row["AlarmName"] for row in found["MetricAlarms"] + found["CompositeAlarms"]]
    left = [f"alarm {name}" for name in alarms if name in ours]
    boards = [row["DashboardName"] for row in aws("cloudwatch").list_dashboards()["DashboardEntries"]]
    left += [f"dashboard {name}" for name in boards if name == lab.name("dashboard")]
    functions = [row["FunctionName"] for row in aws("lambda").list_functions()["Functions"]]
    left += [f"function {function}"] if function in functions else []
    groups = aws("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{function}")["logGroups"]
    left += [f"log group {row['logGroupName']}" for row in groups]
    left += [f"role {role}" for row in aws("iam").list_roles()["Roles"] if row["RoleName"] == role]
    topics = [row["TopicArn"] for row in aws("sns").list_topics()["Topics"]]
    left += [f"topic {arn}" for arn in topics if arn.endswith(f":{lab.name('topic')}")]
    for key in ("dead", "inbox"):
        left += [f"queue {url}" for url in aws("sqs").list_queues(QueueNamePrefix=lab.name(key)).get("QueueUrls", [])]
    expect(not left, f"Still there: {', '.join(left)}.")
