"""A deployment failed and was taken back; the next one, mended, went through."""

from autograder.checks.expect import expect


def test_the_stack_was_taken_back_and_then_deployed_whole(aws, lab, http):
    cloudformation = aws("cloudformation")
    events = cloudformation.describe_stack_events(StackName=lab.name("stack"))["StackEvents"]
    failed = [row for row in events if row["LogicalResourceId"] == "Failures" and row["ResourceStatus"] == "CREATE_FAILED"]
    own = [row for row in failed if "MessageRetentionPeriod" in row.get("ResourceStatusReason", "")]  # and no bad minute of SQS
    expect(own, "The stack's events know of no queue that SQS refused to make: deploy the mistake once, and read the events.")
    stack = cloudformation.describe_stacks(StackName=lab.name("stack"))["Stacks"][0]
    url = stack["Outputs"][0]["OutputValue"]
    expect(http(f"{url}/prices/tea").status == 200, "Callers notice: GET /prices/tea fails.")
    resources = cloudformation.describe_stack_resources(StackName=lab.name("stack"))["StackResources"]
    mended = any(row["LogicalResourceId"] == "Failures" for row in resources)  # maybe by an earlier try
    expect(
        stack["StackStatus"] == "UPDATE_COMPLETE" or mended,
        f"The stack is {stack['StackStatus']}: mend the template, and deploy again.",
    )


def test_failures_are_kept_as_long_as_sqs_keeps_anything(aws, lab):
    resources = aws("cloudformation").describe_stack_resources(StackName=lab.name("stack"))["StackResources"]
    urls = {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in resources}
    expect("Failures" in urls, "The stack has no queue: leaving it out is no way of mending it.")
    attributes = aws("sqs").get_queue_attributes(QueueUrl=urls["Failures"], AttributeNames=["MessageRetentionPeriod"])[
        "Attributes"
    ]
    days = int(attributes["MessageRetentionPeriod"]) / 86400
    expect(days >= 14, f"The queue keeps messages for {days:g} days; fourteen are possible, and thirty were asked for.")
