from __future__ import annotations

import io
import json
import zipfile

import pytest

from sandbox.account import inprocess_account

ALARM = {
    "MetricName": "Errors",
    "Namespace": "AWS/Lambda",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}


@pytest.fixture
def account():
    with inprocess_account(seed=7, start=1_800_000_000.0) as opened:
        yield opened


def function(account, name, source):
    iam = account.client("iam")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))["Role"]["Arn"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", source)
    code = {"ZipFile": packed.getvalue()}
    made = account.client("lambda").create_function(
        FunctionName=name, Runtime="python3.12", Handler="app.handler", Role=role, Code=code
    )
    return made["FunctionArn"]


def mailbox(account):
    """A topic and the queue that hears it."""
    sns, sqs = account.client("sns"), account.client("sqs")
    topic = sns.create_topic(Name="ops")["TopicArn"]
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return topic, url


def received(account, url):
    messages = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def books(account):
    return next(row for row in account.control.balance() if row["source"] == "alarm actions")


def test_a_failing_function_sets_its_alarm_off_and_the_topic_hears_it(account):
    topic, url = mailbox(account)
    function(account, "frail", "def handler(event, context):\n    raise ValueError('no')\n")
    where = [{"Name": "FunctionName", "Value": "frail"}]
    account.client("cloudwatch").put_metric_alarm(AlarmName="frail", Dimensions=where, AlarmActions=[topic], **ALARM)
    account.client("lambda").invoke(FunctionName="frail")
    account.control.advance(60)
    (told,) = received(account, url)
    assert told["Subject"] == 'ALARM: "frail" in US East (N. Virginia)'
    message = json.loads(told["Message"])
    assert (message["OldStateValue"], message["NewStateValue"]) == ("INSUFFICIENT_DATA", "ALARM")
    assert message["Trigger"]["Dimensions"] == [{"value": "frail", "name": "FunctionName"}]
    assert books(account)["processed"] == 1
    assert books(account)["balanced"]


def test_a_function_is_invoked_only_if_its_policy_lets_alarms(account):
    arn = function(account, "mender", "def handler(event, context):\n    print(event['alarmData']['state']['value'])\n")
    cloudwatch, functions = account.client("cloudwatch"), account.client("lambda")
    cloudwatch.put_metric_alarm(AlarmName="a", AlarmActions=[arn], **ALARM)
    alarm_arn = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]["AlarmArn"]
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    account.control.until_quiet()
    assert books(account)["dropped"] == {"AccessDeniedException": 1}
    titles = [entry["title"] for entry in account.control.timeline()]
    assert "Action of alarm a failed: AccessDeniedException" in titles
    functions.add_permission(
        FunctionName="mender",
        StatementId="alarm",
        Action="lambda:InvokeFunction",
        Principal="lambda.alarms.cloudwatch.amazonaws.com",
        SourceArn=alarm_arn,
        SourceAccount="123456789012",
    )
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="drill")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    account.control.until_quiet()
    assert books(account)["processed"] == 1
    summaries = [
        row["HistorySummary"]
        for row in cloudwatch.describe_alarm_history(AlarmName="a", HistoryItemType="Action")["AlarmHistoryItems"]
    ]
    assert summaries[0] == f"Successfully executed action {arn}"
    assert summaries[1].startswith(f"Failed to execute action {arn}. Received error:")


def test_disabled_actions_stay_undone_and_the_state_still_changes(account):
    topic, url = mailbox(account)
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName="a", AlarmActions=[topic], **ALARM)
    cloudwatch.disable_alarm_actions(AlarmNames=["a"])
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    assert received(account, url) == []
    assert cloudwatch.describe_alarms(StateValue="ALARM")["MetricAlarms"][0]["ActionsEnabled"] is False
    assert books(account)["accepted"] == 0


def test_a_suppressor_in_alarm_holds_a_composite_alarms_actions_back(account):
    topic, url = mailbox(account)
    cloudwatch = account.client("cloudwatch")
    for name in ("cause", "maintenance"):
        cloudwatch.put_metric_alarm(AlarmName=name, **{**ALARM, "TreatMissingData": "ignore"})
    cloudwatch.put_composite_alarm(
        AlarmName="page",
        AlarmRule="ALARM(cause)",
        AlarmActions=[topic],
        ActionsSuppressor="maintenance",
        ActionsSuppressorWaitPeriod=120,
        ActionsSuppressorExtensionPeriod=60,
    )
    cloudwatch.set_alarm_state(AlarmName="maintenance", StateValue="ALARM", StateReason="window")
    cloudwatch.set_alarm_state(AlarmName="cause", StateValue="ALARM", StateReason="broken")
    (row,) = cloudwatch.describe_alarms(AlarmNames=["page"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert (row["StateValue"], row["ActionsSuppressedBy"]) == ("ALARM", "Alarm")
    account.control.advance(600)
    assert received(account, url) == []
    cloudwatch.set_alarm_state(AlarmName="maintenance", StateValue="OK", StateReason="done")
    account.control.advance(61)
    (told,) = received(account, url)
    assert json.loads(told["Message"])["AlarmName"] == "page"


def test_without_the_suppressor_in_alarm_actions_wait_for_the_wait_period(account):
    topic, url = mailbox(account)
    cloudwatch = account.client("cloudwatch")
    for name in ("cause", "maintenance"):
        cloudwatch.put_metric_alarm(AlarmName=name, **{**ALARM, "TreatMissingData": "ignore"})
    periods = {"ActionsSuppressorWaitPeriod": 120, "ActionsSuppressorExtensionPeriod": 60}
    cloudwatch.put_composite_alarm(
        AlarmName="page", AlarmRule="ALARM(cause)", AlarmActions=[topic], ActionsSuppressor="maintenance", **periods
    )
    cloudwatch.set_alarm_state(AlarmName="cause", StateValue="ALARM", StateReason="broken")
    account.control.advance(100)
    assert received(account, url) == []
    account.control.advance(30)
    assert len(received(account, url)) == 1


def test_a_reset_forgets_alarms_and_books(account):
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName="a", **ALARM)
    account.reset()
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    account.control.advance(120)
