from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

START = 1_800_000_000 - 1_800_000_000 % 3600
HOUR = {"StartTime": datetime.fromtimestamp(START, UTC), "EndTime": datetime.fromtimestamp(START, UTC) + timedelta(hours=1)}
FUNCTION = [{"Name": "FunctionName", "Value": "f"}]


def emit(plane, values, name="Duration", dimensions=None, at=0.0, unit="Milliseconds"):
    for value in values:
        sets = {"FunctionName": "f"} if dimensions is None else dimensions
        plane.metrics.put("123456789012", "us-east-1", "AWS/Lambda", name, sets, value, unit, START + at)


def statistics(plane, name="Duration", dimensions=None, period=60, **asked):
    answer = plane.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=name,
        Dimensions=FUNCTION if dimensions is None else dimensions,
        Period=period,
        **HOUR,
        **asked,
    )
    return sorted(answer["Datapoints"], key=lambda row: row["Timestamp"])


def query(metric_id="m", stat="Sum", name="Errors", period=60, dimensions=None, **more):
    metric = {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": FUNCTION if dimensions is None else dimensions}
    return {"Id": metric_id, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}, **more}


def data(plane, *queries, **options):
    answer = plane.client("cloudwatch").get_metric_data(MetricDataQueries=list(queries), **HOUR, **options)
    return {row["Id"]: row for row in answer["MetricDataResults"]}


def test_the_five_statistics_of_a_minute(plane):
    emit(plane, [1.0, 2.0, 3.0, 10.0], at=5)
    [point] = statistics(plane, Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"])
    assert (point["Sum"], point["Average"], point["Minimum"], point["Maximum"], point["SampleCount"]) == (
        16.0,
        4.0,
        1.0,
        10.0,
        4.0,
    )
    assert point["Unit"] == "Milliseconds"
    assert point["Timestamp"].timestamp() == START


def test_percentiles(plane):
    emit(plane, [float(number) for number in range(1, 101)])
    [point] = statistics(plane, ExtendedStatistics=["p50", "p90", "p99"])
    percentiles = point["ExtendedStatistics"]
    assert percentiles["p50"] == pytest.approx(50, rel=0.02)
    assert percentiles["p90"] == pytest.approx(90, rel=0.02)
    assert percentiles["p99"] == pytest.approx(99, rel=0.02)


def test_periods_start_on_their_own_boundaries_not_at_the_first_sample(plane):
    emit(plane, [1.0], at=200)
    emit(plane, [1.0], at=310)
    assert [
        (point["Timestamp"].timestamp() - START, point["Sum"]) for point in statistics(plane, period=300, Statistics=["Sum"])
    ] == [
        (0, 1.0),
        (300, 1.0),
    ]


def test_a_query_without_dimensions_means_the_metric_without_dimensions(plane):
    emit(plane, [1.0], name="Errors")
    emit(plane, [5.0], name="Errors", dimensions={})
    assert [point["Sum"] for point in statistics(plane, name="Errors", dimensions=[], Statistics=["Sum"])] == [5.0]
    assert data(plane, query(dimensions=[]))["m"]["Values"] == [5.0]
    assert data(plane, query())["m"]["Values"] == [1.0]


def test_another_unit_finds_nothing(plane):
    emit(plane, [1.0])
    assert statistics(plane, Statistics=["Sum"], Unit="Count") == []


def test_metric_data_comes_newest_first_unless_asked_otherwise(plane):
    emit(plane, [1.0], name="Errors", at=0)
    emit(plane, [2.0], name="Errors", at=60)
    assert data(plane, query())["m"]["Values"] == [2.0, 1.0]
    assert data(plane, query(), ScanBy="TimestampAscending")["m"]["Values"] == [1.0, 2.0]


def test_metric_math_over_queries(plane):
    emit(plane, [1.0], name="Errors", at=0)
    emit(plane, [1.0] * 4, name="Invocations", at=0)
    emit(plane, [1.0] * 4, name="Invocations", at=60)
    found = data(
        plane,
        query("errors", ReturnData=False),
        query("calls", name="Invocations", ReturnData=False),
        {"Id": "rate", "Expression": "100 * FILL(errors, 0) / calls", "Label": "Error rate"},
        ScanBy="TimestampAscending",
    )
    assert list(found) == ["rate"]
    assert (found["rate"]["Values"], found["rate"]["Label"]) == ([25.0, 0.0], "Error rate")


@pytest.mark.parametrize("expression", ["__import__('os')", "m +", "m.real", "nothing + 1", "e + 1", "[m][0]", "(" * 500])
def test_an_expression_that_is_no_metric_math_is_refused(plane, expression):
    with pytest.raises(ClientError, match="ValidationError"):
        data(plane, query(), {"Id": "e", "Expression": expression})


def test_list_metrics_filters_by_namespace_name_and_dimension(plane):
    emit(plane, [1.0], name="Errors")
    emit(plane, [1.0], name="Errors", dimensions={})
    emit(plane, [1.0], name="Throttles")
    cloudwatch = plane.client("cloudwatch")
    assert len(cloudwatch.list_metrics(Namespace="AWS/Lambda")["Metrics"]) == 3
    [row] = cloudwatch.list_metrics(MetricName="Errors", Dimensions=[{"Name": "FunctionName"}])["Metrics"]
    assert row["Dimensions"] == FUNCTION
    assert cloudwatch.list_metrics(MetricName="Errors", Dimensions=[{"Name": "FunctionName", "Value": "g"}])["Metrics"] == []


def test_long_lists_of_metrics_come_in_pages(plane):
    for number in range(501):
        emit(plane, [1.0], name=f"m{number:03}")
    pages = list(plane.client("cloudwatch").get_paginator("list_metrics").paginate())
    assert [len(page["Metrics"]) for page in pages] == [500, 1]


def test_custom_metrics_are_kept_beside_awss(plane):
    cloudwatch = plane.client("cloudwatch")
    at = datetime.fromtimestamp(START + 30, UTC)
    cloudwatch.put_metric_data(
        Namespace="Shop",
        MetricData=[
            {"MetricName": "m", "Value": 2.0, "Timestamp": at, "Unit": "Count"},
            {"MetricName": "m", "Values": [1.0, 3.0], "Counts": [2.0, 1.0], "Timestamp": at, "Unit": "Count"},
            {
                "MetricName": "m",
                "StatisticValues": {"SampleCount": 3, "Sum": 12.0, "Minimum": 1.0, "Maximum": 9.0},
                "Timestamp": at,
                "Unit": "Count",
            },
        ],
    )
    answer = cloudwatch.get_metric_statistics(
        Namespace="Shop", MetricName="m", Period=60, Statistics=["Sum", "SampleCount", "Maximum"], **HOUR
    )
    [point] = answer["Datapoints"]
    assert (point["Sum"], point["SampleCount"], point["Maximum"], point["Unit"]) == (19.0, 7.0, 9.0, "Count")


def test_nobody_writes_into_awss_namespaces(plane):
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        plane.client("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=[{"MetricName": "m", "Value": 1.0}])


@pytest.mark.parametrize("period", [7, 90])
def test_a_period_is_a_multiple_of_a_minute(plane, period):
    with pytest.raises(ClientError, match="Period"):
        statistics(plane, period=period, Statistics=["Sum"])


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2.0**361])
def test_a_value_that_no_metric_holds_is_refused(plane, value):
    cloudwatch = plane.client("cloudwatch")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        cloudwatch.put_metric_data(Namespace="n", MetricData=[{"MetricName": "m", "Value": value}])
    assert cloudwatch.list_metrics()["Metrics"] == []
