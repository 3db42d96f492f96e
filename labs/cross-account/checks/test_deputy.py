"""A file in the partner's bucket calls the function; another bucket cannot be told to."""

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


def test_the_partners_bucket_calls_and_no_other(aws, lab, session):
    function = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))["FunctionArn"]
    expect(_calls(aws, lab, session, "check-deputy.csv"), "A file in the partner's bucket does not call the function.")
    stranger = session.elsewhere("stranger")
    stranger.client("s3").create_bucket(Bucket="check-stranger")
    try:
        told = _told(stranger, "check-stranger", function)
    finally:
        stranger.client("s3").delete_bucket(Bucket="check-stranger")
    expect(not told, "A stranger's bucket may call the function through S3: say for which bucket S3 may come.")
