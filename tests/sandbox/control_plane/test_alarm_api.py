from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.account import inprocess_account

ALARM = {
    "MetricName": "m",
    "Namespace": "n",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 30,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture(scope="module")
def opened():
    with inprocess_account(seed=7, start=1_800_000_000.0) as account:
        yield account


@pytest.fixture
def cloudwatch(opened):
    yield opened.client("cloudwatch")
    opened.reset()


def test_an_alarm_is_described_as_it_was_put(cloudwatch):
    """localstack's recording of AWS: tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json, test_store_tags."""
    cloudwatch.put_metric_alarm(AlarmName="a", Tags=[{"Key": "tag1", "Value": "foo"}, {"Key": "tag2", "Value": "bar"}], **ALARM)
    described = cloudwatch.describe_alarms(AlarmNames=["a"])
    assert described["CompositeAlarms"] == []
    (row,) = described["MetricAlarms"]
    assert {key: value for key, value in row.items() if "Timestamp" not in key} == {
        "ActionsEnabled": True,
        "AlarmActions": [],
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a",
        "AlarmName": "a",
        "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [],
        "EvaluationPeriods": 1,
        "InsufficientDataActions": [],
        "MetricName": "m",
        "Namespace": "n",
        "OKActions": [],
        "Period": 60,
        "StateReason": "Unchecked: Initial alarm creation",
        "StateValue": "INSUFFICIENT_DATA",
        "Statistic": "Sum",
        "Threshold": 30.0,
    }
    arn = row["AlarmArn"]
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["tag1"])
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "tag3", "Value": "baz"}])
    tags = {tag["Key"]: tag["Value"] for tag in cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]}
    assert tags == {"tag2": "bar", "tag3": "baz"}


@pytest.mark.parametrize(
    "change",
    [
        {"Period": 45},
        {"Period": 60, "EvaluationPeriods": 1441},
        {"Statistic": "Median"},
        {"ExtendedStatistic": "p99"},
        {"ComparisonOperator": "About"},
        {"TreatMissingData": "guess"},
        {"DatapointsToAlarm": 2},
        {"AlarmActions": ["my-topic"]},
        {"AlarmActions": [f"arn:aws:sns:us-east-1:123456789012:t{number}" for number in range(6)]},
        {"ComparisonOperator": "GreaterThanUpperThreshold"},
        {"AlarmName": "n" * 256},
        {"Metrics": [{"Id": "m", "Expression": "1"}]},
    ],
)
def test_what_cloudwatch_refuses_is_refused_and_nothing_is_made(cloudwatch, change):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_metric_alarm(**{"AlarmName": "a", **ALARM, **change})
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_alarms_are_found_by_prefix_state_action_and_metric(cloudwatch):
    topic = "arn:aws:sns:us-east-1:123456789012:ops"
    cloudwatch.put_metric_alarm(AlarmName="api-errors", AlarmActions=[topic], **ALARM)
    cloudwatch.put_metric_alarm(AlarmName="web-errors", **{**ALARM, "MetricName": "other"})
    cloudwatch.set_alarm_state(AlarmName="web-errors", StateValue="ALARM", StateReason="drill")

    def names(**how):
        return [row["AlarmName"] for row in cloudwatch.describe_alarms(**how)["MetricAlarms"]]

    assert names() == ["api-errors", "web-errors"]
    assert names(AlarmNamePrefix="web") == ["web-errors"]
    assert names(StateValue="ALARM") == ["web-errors"]
    assert names(ActionPrefix="arn:aws:sns") == ["api-errors"]
    assert names(MaxRecords=1) == ["api-errors"]
    found = cloudwatch.describe_alarms_for_metric(MetricName="other", Namespace="n")["MetricAlarms"]
    assert [row["AlarmName"] for row in found] == ["web-errors"]
    pages = cloudwatch.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 1})
    assert sum(len(page["MetricAlarms"]) for page in pages) == 2


def test_composite_alarms_appear_when_they_are_asked_for(cloudwatch):
    cloudwatch.put_metric_alarm(AlarmName="child", **ALARM)
    cloudwatch.put_composite_alarm(AlarmName="parent", AlarmRule="ALARM(child)")
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    both = ["MetricAlarm", "CompositeAlarm"]
    (row,) = cloudwatch.describe_alarms(AlarmTypes=both)["CompositeAlarms"]
    assert (row["AlarmRule"], row["StateValue"]) == ("ALARM(child)", "OK")
    children = cloudwatch.describe_alarms(ChildrenOfAlarmName="parent", AlarmTypes=both)
    assert [alarm["AlarmName"] for alarm in children["MetricAlarms"]] == ["child"]
    with pytest.raises(ClientError, match="depending on it"):
        cloudwatch.delete_alarms(AlarmNames=["child"])
    cloudwatch.delete_alarms(AlarmNames=["parent"])
    cloudwatch.delete_alarms(AlarmNames=["child"])
    assert cloudwatch.describe_alarms(AlarmTypes=both)["MetricAlarms"] == []


def test_setting_the_state_of_no_alarm_is_resource_not_found(cloudwatch):
    with pytest.raises(cloudwatch.exceptions.ResourceNotFound):
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="drill")
