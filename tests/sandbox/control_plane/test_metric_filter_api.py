from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from sandbox.account import inprocess_account

START = 1_800_000_000.0
GROUP = "/shop/api"


@pytest.fixture(scope="module")
def opened():
    with inprocess_account(seed=7, start=START) as account:
        yield account


@pytest.fixture
def account(opened):
    logs = opened.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    yield opened
    opened.reset()


def write(account, *messages):
    at = account.control.now()["now"] * 1000
    events = [{"timestamp": int(at), "message": message} for message in messages]
    account.client("logs").put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)


def put(account, pattern, **transformation):
    one = {"metricName": "m", "metricNamespace": "shop", "metricValue": "1", **transformation}
    account.client("logs").put_metric_filter(
        logGroupName=GROUP, filterName="f", filterPattern=pattern, metricTransformations=[one]
    )


def total(account, dimensions=(), statistic="Sum"):
    now = account.control.now()["now"]
    points = account.client("cloudwatch").get_metric_statistics(
        Namespace="shop",
        MetricName="m",
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions],
        StartTime=datetime.fromtimestamp(now - 3600, UTC),
        EndTime=datetime.fromtimestamp(now + 60, UTC),
        Period=3600,
        Statistics=[statistic],
    )["Datapoints"]
    return sum(point[statistic] for point in points)


def test_matching_events_are_counted_from_the_filter_on(account):
    write(account, "ERROR before the filter")
    put(account, "ERROR -retry")
    write(account, "ERROR one", "ERROR will retry", "fine", "another ERROR")
    assert total(account) == 2


def test_a_field_of_json_is_the_value_and_another_the_dimension(account):
    put(account, "{ $.ms > 0 }", metricValue="$.ms", dimensions={"route": "$.route"}, unit="Milliseconds")
    write(account, '{"ms": 20, "route": "/a"}', '{"ms": 22, "route": "/a"}', '{"ms": 5, "route": "/b"}', '{"ms": 9}', "no json")
    assert total(account, [("route", "/a")]) == 42
    assert total(account, [("route", "/b")]) == 5
    assert total(account) == 0


def test_a_column_is_the_value(account):
    put(account, "[ip, user, ..., status=5*, bytes]", metricValue="$bytes")
    write(account, "10.0.0.1 ann - GET 500 120", "10.0.0.1 bob - GET 200 999", "10.0.0.1 cid - GET 503 80")
    assert total(account) == 200


def test_the_default_value_is_there_in_minutes_without_a_match(account):
    put(account, "ERROR", defaultValue=0)
    write(account, "fine", "fine too")
    assert total(account, statistic="SampleCount") == 1
    assert total(account) == 0
    account.control.advance(60)
    write(account, "ERROR")
    assert total(account) == 1


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("{ $.a = ", {}),
        ("ERROR", {"metricValue": "$.ms"}),
        ("ERROR", {"metricValue": "many"}),
        ("{ $.a = 1 }", {"dimensions": dict.fromkeys("abcd", "$.a")}),
        ("{ $.a = 1 }", {"dimensions": {"a": "$.a"}, "defaultValue": 0}),
    ],
)
def test_what_cannot_be_a_metric_filter_is_refused(account, pattern, change):
    with pytest.raises(ClientError) as caught:
        put(account, pattern, **change)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    assert account.client("logs").describe_metric_filters(logGroupName=GROUP)["metricFilters"] == []


def test_filters_are_described_replaced_and_deleted(account):
    logs = account.client("logs")
    put(account, "ERROR")
    put(account, "WARN")
    (row,) = logs.describe_metric_filters(metricName="m", metricNamespace="shop")["metricFilters"]
    assert (row["filterName"], row["filterPattern"], row["logGroupName"]) == ("f", "WARN", GROUP)
    logs.delete_metric_filter(logGroupName=GROUP, filterName="f")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_metric_filter(logGroupName=GROUP, filterName="f")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.put_metric_filter(
            logGroupName="/none",
            filterName="f",
            filterPattern="",
            metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}],
        )


def test_a_pattern_can_be_tried_out(account):
    tested = account.client("logs").test_metric_filter(filterPattern="{ $.ok IS FALSE }", logEventMessages=['{"ok": false}', "x"])
    assert [match["eventNumber"] for match in tested["matches"]] == [1]


def test_filter_log_events_refuses_what_is_no_pattern(account):
    write(account, "x")
    with pytest.raises(ClientError, match="Invalid filter pattern"):
        account.client("logs").filter_log_events(logGroupName=GROUP, filterPattern="{ $.a = ")


def test_a_function_that_prints_embedded_metrics_moves_an_alarm(account):
    """Everything an operator has meets in one store: the log line, the metric, the alarm."""
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="slow",
        Namespace="shop",
        MetricName="latency",
        Dimensions=[{"Name": "service", "Value": "api"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=100,
        ComparisonOperator="GreaterThanThreshold",
    )
    directive = {"Namespace": "shop", "Dimensions": [["service"]], "Metrics": [{"Name": "latency"}]}
    head = {"Timestamp": int(START * 1000), "CloudWatchMetrics": [directive]}
    write(account, json.dumps({"_aws": head, "service": "api", "latency": 250}))
    account.control.advance(60)
    assert cloudwatch.describe_alarms(AlarmNames=["slow"])["MetricAlarms"][0]["StateValue"] == "ALARM"
