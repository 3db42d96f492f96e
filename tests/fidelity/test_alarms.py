"""Alarms against AWS's recorded answers and documentation, through a real client."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from sandbox.account import inprocess_account

START = 1_800_000_000.0
RECORDED = "localstack/localstack, tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json"
ACCOUNT = "123456789012"
NO_DATA = "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching]."
MESSAGE = {
    "AWSAccountId": ACCOUNT,
    "AlarmArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:a",
    "AlarmDescription": "testing cloudwatch alarms",
    "AlarmName": "a",
    "InsufficientDataActions": [],
    "NewStateReason": NO_DATA,
    "NewStateValue": "ALARM",
    "OldStateValue": "INSUFFICIENT_DATA",
    "Region": "US East (N. Virginia)",
    "Trigger": {
        "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [{"name": "InstanceId", "value": "abc"}],
        "EvaluateLowSampleCountPercentile": "",
        "EvaluationPeriods": 2,
        "MetricName": "my-metric101",
        "Namespace": "ns",
        "Period": 60,
        "Statistic": "AVERAGE",
        "StatisticType": "Statistic",
        "Threshold": 2.0,
        "TreatMissingData": "breaching",
        "Unit": "Seconds",
    },
}
PAYLOAD = {
    "source": "aws.cloudwatch",
    "alarmArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:demo",
    "accountId": ACCOUNT,
    "time": "2027-01-15T08:00:00.000+0000",
    "region": "us-east-1",
    "alarmData": {
        "alarmName": "demo",
        "state": {"value": "ALARM", "reason": "test", "timestamp": "2027-01-15T08:00:00.000+0000"},
        "previousState": {
            "value": "INSUFFICIENT_DATA",
            "reason": "Unchecked: Initial alarm creation",
            "timestamp": "2027-01-15T08:00:00.000+0000",
        },
        "configuration": {
            "description": "to test Lambda actions",
            "metrics": [
                {
                    "metricStat": {
                        "metric": {"namespace": "ns", "name": "CallCount", "dimensions": {"InstanceId": "i-1"}},
                        "period": 60,
                        "stat": "Average",
                    },
                    "returnData": True,
                }
            ],
        },
    },
}


@pytest.fixture
def account():
    with inprocess_account(seed=7, start=START) as opened:
        yield opened


def inbox(account, name="inbox"):
    """A queue that EventBridge and SNS may send to."""
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
    services = {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}
    allow = {"Effect": "Allow", "Principal": services, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})})
    return url, arn


def received(account, url):
    messages = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


def test_missing_data_that_is_breaching_alarms_and_tells_the_topic_as_recorded(account):
    """test_breaching_alarm_actions in the recording (``RECORDED``): state, reason, reason data, message."""
    sns, cloudwatch = account.client("sns"), account.client("cloudwatch")
    url, arn = inbox(account)
    topic = sns.create_topic(Name="ops")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        AlarmDescription="testing cloudwatch alarms",
        MetricName="my-metric101",
        Namespace="ns",
        ActionsEnabled=True,
        Period=60,
        Threshold=2,
        Dimensions=[{"Name": "InstanceId", "Value": "abc"}],
        Unit="Seconds",
        Statistic="Average",
        OKActions=[topic],
        AlarmActions=[topic],
        EvaluationPeriods=2,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="breaching",
    )
    account.control.advance(60)
    (row,) = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    assert (row["StateValue"], row["StateReason"]) == ("ALARM", NO_DATA)
    data = json.loads(row["StateReasonData"])
    assert [*data] == [
        "version",
        "queryDate",
        "unit",
        "statistic",
        "period",
        "recentDatapoints",
        "threshold",
        "evaluatedDatapoints",
    ]
    assert [[*point] for point in data["evaluatedDatapoints"]] == [["timestamp"], ["timestamp"]]
    (message,) = received(account, url)
    times = {message.pop(name)[-5:] for name in ("AlarmConfigurationUpdatedTimestamp", "StateChangeTime")}
    assert times == {"+0000"}
    assert message == {**MESSAGE, "AlarmActions": [topic], "OKActions": [topic]}


def test_a_crossed_threshold_is_worded_as_recorded(account):
    """test_put_metric_alarm in the recording (``RECORDED``): average 21.5 above 2, then no data."""
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        MetricName="my-metric1",
        Namespace="ns",
        Period=60,
        Threshold=2,
        Unit="Seconds",
        Statistic="Average",
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    for value in (21, 22):
        cloudwatch.put_metric_data(Namespace="ns", MetricData=[{"MetricName": "my-metric1", "Value": value, "Unit": "Seconds"}])
    account.control.advance(60)
    (row,) = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    assert row["StateReason"] == "Threshold Crossed: 1 datapoint [21.5 (15/01/27 08:00:00)] was greater than the threshold (2.0)."
    data = json.loads(row["StateReasonData"])
    assert [*data][:4] == ["version", "queryDate", "startDate", "unit"]
    assert data["evaluatedDatapoints"] == [{"timestamp": "2027-01-15T08:00:00.000+0000", "sampleCount": 2.0, "value": 21.5}]
    account.control.advance(600)
    (row,) = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    assert row["StateReason"] == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching]."
    )


def test_a_function_gets_the_documented_payload(account):
    """CloudWatch user guide, "Invoke a Lambda function from an alarm": payload of a metric alarm."""
    iam, functions, cloudwatch = account.client("iam"), account.client("lambda"), account.client("cloudwatch")
    allow = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))[
        "Role"
    ]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "import json\ndef handler(event, context):\n    print(json.dumps(event))\n")
    code = {"ZipFile": packed.getvalue()}
    arn = functions.create_function(FunctionName="f", Runtime="python3.12", Handler="app.handler", Role=role, Code=code)[
        "FunctionArn"
    ]
    principal = "lambda.alarms.cloudwatch.amazonaws.com"
    functions.add_permission(FunctionName="f", StatementId="a", Action="lambda:InvokeFunction", Principal=principal)
    cloudwatch.put_metric_alarm(
        AlarmName="demo",
        AlarmDescription="to test Lambda actions",
        MetricName="CallCount",
        Namespace="ns",
        Dimensions=[{"Name": "InstanceId", "Value": "i-1"}],
        Period=60,
        Threshold=5,
        Statistic="Average",
        EvaluationPeriods=5,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[arn],
    )
    cloudwatch.set_alarm_state(AlarmName="demo", StateValue="ALARM", StateReason="test")
    account.control.until_quiet()
    logged = account.client("logs").filter_log_events(logGroupName="/aws/lambda/f", filterPattern="{ $.alarmArn = * }")["events"]
    payload = json.loads(logged[0]["message"])
    metric = payload["alarmData"]["configuration"]["metrics"][0]
    assert metric.pop("id")
    assert payload == PAYLOAD


def test_a_change_of_state_is_an_event_on_the_default_bus(account):
    """CloudWatch user guide, "Alarm events and EventBridge": source, detail-type, detail."""
    events, cloudwatch = account.client("events"), account.client("cloudwatch")
    url, arn = inbox(account)
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    events.put_rule(Name="alarms", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="alarms", Targets=[{"Id": "q", "Arn": arn}])
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        MetricName="m",
        Namespace="ns",
        Period=60,
        Threshold=2,
        Statistic="Sum",
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="drill")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    account.control.until_quiet()
    (event,) = received(account, url)
    assert (event["detail-type"], event["source"], event["account"]) == (
        "CloudWatch Alarm State Change",
        "aws.cloudwatch",
        ACCOUNT,
    )
    assert event["resources"] == [f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:a"]
    assert (event["detail"]["state"]["value"], event["detail"]["previousState"]["value"]) == ("ALARM", "OK")
    assert event["time"] == "2027-01-15T08:00:00Z"
