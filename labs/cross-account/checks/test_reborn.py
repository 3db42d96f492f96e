"""When the partner's bucket is another's, it calls no more; when it is the partner's again, it does."""

from botocore.exceptions import ClientError

from autograder.checks.expect import expect


def _told(owner, bucket, function):
    """Whether the owner's bucket may be told to call the function."""
    call = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    told = {"LambdaFunctionConfigurations": [call]}
    try:
        owner.client("s3").put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=told)
    except ClientError:
        return False
    return True


def _calls(aws, lab, session, key):
    """How often the function has been called for a file, a while after the partner has put it there."""
    session.elsewhere("partner").client("s3").put_object(Bucket=lab.name("bucket"), Key=key, Body=b"x")
    session.wait(10)
    group = f"/aws/lambda/{lab.name('function')}"
    if not aws("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return 0
    return len(aws("logs").filter_log_events(logGroupName=group, filterPattern=f'"{key}"')["events"])


def _hand_over(giver, taker, bucket):
    s3 = giver.client("s3")
    for row in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=row["Key"])
    s3.delete_bucket(Bucket=bucket)
    taker.client("s3").create_bucket(Bucket=bucket)


def test_a_bucket_that_changed_hands_calls_no_more(aws, lab, session):
    function = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["FunctionArn"]
    partner, stranger, bucket = session.elsewhere("partner"), session.elsewhere("stranger"), lab.name("bucket")
    expect(_calls(aws, lab, session, "check-reborn.csv"), "A file in the partner's bucket does not call the function.")
    _hand_over(partner, stranger, bucket)
    try:
        told = _told(stranger, bucket, function)
    finally:
        _hand_over(stranger, partner, bucket)
        again = _told(partner, bucket, function)
    expect(not told, f"A stranger who takes over the name {bucket} calls your function: say whose bucket it has to be.")
    expect(again, "The partner's own bucket, made again, may not call the function.")
