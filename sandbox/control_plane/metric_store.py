"""CloudWatch's metric operations over the account's own store (``telemetry.metrics``), for AWS's metrics and PutMetricData alike.

moto's are not used: 5.2.5 mixes dimension sets when a query names none, starts periods at the first sample, scans ascending by
default and knows no percentiles. Resolution is a minute; a StatisticSet is kept as its minimum, its maximum and the
mean of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.telemetry.metric_math import Series, evaluate_all
from sandbox.telemetry.metric_statistic import statistic
from sandbox.telemetry.metrics import Dimensions, Metrics

Result = dict[str, Any]
_PAGE = 500  # ListMetrics API reference
_VALUE_MAX = 2.0**360
_SAMPLES_MAX = 1_000  # of one Count or SampleCount that are stored one by one; more are scaled down


class MetricStore:
    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self.metrics = metrics
        self._clock = clock

    def put_metric_data(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        namespace = call.params["Namespace"]
        if namespace.startswith("AWS/"):
            raise AwsError("InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid.")
        for datum in call.params.get("MetricData", []):
            dimensions = {row["Name"]: row["Value"] for row in datum.get("Dimensions", [])}
            at = _epoch(datum["Timestamp"]) if "Timestamp" in datum else self._clock.now()
            for value in _checked(_samples(datum)):
                place = (account_id, region, namespace, datum["MetricName"], dimensions)
                self.metrics.put(*place, value, datum.get("Unit", "None"), at)
        return {}

    def list_metrics(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        params = call.params
        wanted = params.get("Dimensions", [])
        series = self.metrics.series(account_id, region, params.get("Namespace", ""), params.get("MetricName", ""))
        found = sorted({(row.namespace, row.name, row.dimensions) for row in series if _matches(row.dimensions, wanted)})
        start = int(params.get("NextToken") or 0) if str(params.get("NextToken") or 0).isdigit() else -1
        if start < 0:
            raise AwsError("InvalidParameterValue", "Request parameter NextToken is invalid")
        rows = [
            {"Namespace": space, "MetricName": name, "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions]}
            for space, name, dimensions in found[start : start + _PAGE]
        ]
        more = {"NextToken": str(start + _PAGE)} if start + _PAGE < len(found) else {}
        return {"Metrics": rows, **more}

    def get_metric_statistics(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        params = call.params
        start, end = _epoch(params["StartTime"]), _epoch(params["EndTime"])
        if start >= end:
            message = "The parameter StartTime must be less than the parameter EndTime."
            raise AwsError("InvalidParameterValue", message)
        plain, extended = params.get("Statistics", []), params.get("ExtendedStatistics", [])
        if not plain and not extended:
            raise AwsError("MissingParameter", "The request must contain at least one of Statistics or ExtendedStatistics.")
        period = _period(params["Period"], "InvalidParameterValue")
        dimensions = _dimensions(params)
        place = (account_id, region, params["Namespace"], params["MetricName"], dimensions)
        unit = self.metrics.unit(*place)
        points = self.metrics.datapoints(*place, start, end, period) if _unit_fits(params, unit) else []
        rows = []
        for point in points:
            row: Result = {"Timestamp": datetime.fromtimestamp(point.at, UTC), "Unit": unit or "None"}
            row.update({name: statistic(point, name) for name in plain})
            if extended:
                row["ExtendedStatistics"] = {name: statistic(point, name) for name in extended}
            rows.append(row)
        return {"Label": params["MetricName"], "Datapoints": rows}

    def get_metric_data(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> Result:
        params = call.params
        start, end = _epoch(params["StartTime"]), _epoch(params["EndTime"])
        if start >= end:
            raise AwsError("ValidationError", "The parameter EndTime must be greater than StartTime.")
        queries = params.get("MetricDataQueries", [])
        found: dict[str, Series] = {}
        for query in queries:
            if "MetricStat" in query:
                found[query["Id"]] = self._series(query["MetricStat"], account_id, region, start, end)
        ascending = params.get("ScanBy") == "TimestampAscending"
        results = []
        expressions = {query["Id"]: query["Expression"] for query in queries if "Expression" in query}
        for query in queries:
            if query.get("ReturnData", True):
                several = [found[query["Id"]]] if query["Id"] in found else evaluate_all(query["Id"], expressions, found)
                results += [_result(query, series, ascending=ascending) for series in several]
        return {"MetricDataResults": results, "Messages": []}

    def _series(self, stat: Mapping[str, Any], account_id: str, region: str, start: float, end: float) -> Series:
        metric = stat["Metric"]
        place = (account_id, region, metric["Namespace"], metric["MetricName"], _dimensions(metric))
        if not _unit_fits(stat, self.metrics.unit(*place)):
            return {}
        points = self.metrics.datapoints(*place, start, end, _period(stat["Period"], "ValidationError"))
        return {point.at: statistic(point, stat["Stat"]) for point in points}


def _checked(samples: Iterator[float]) -> list[float]:
    """CloudWatch refuses NaN, infinity and what is beyond 2^360 (PutMetricData API reference, MetricDatum)."""
    values = list(samples)
    for value in values:
        if not abs(value) <= _VALUE_MAX:
            raise AwsError("InvalidParameterValue", f"The value {value} for parameter MetricData.member.Value is invalid.")
    return values


def _samples(datum: Mapping[str, Any]) -> Iterator[float]:
    if "StatisticValues" in datum:
        yield from _statistic_set(datum["StatisticValues"])
    elif "Values" in datum:
        counts = datum.get("Counts") or [1.0] * len(datum["Values"])
        if len(counts) != len(datum["Values"]):
            raise AwsError("InvalidParameterValue", "The parameters Values and Counts must have the same length.")
        for value, count in zip(datum["Values"], counts, strict=True):
            yield from [float(value)] * min(int(count), _SAMPLES_MAX)
    elif "Value" in datum:
        yield float(datum["Value"])
    else:
        raise AwsError("MissingParameter", "At least one of the parameters must be specified: Value, Values, StatisticValues.")


def _statistic_set(row: Mapping[str, float]) -> Iterator[float]:
    count = int(row["SampleCount"])
    if count == 1:
        yield float(row["Sum"])
        return
    yield float(row["Minimum"])
    yield float(row["Maximum"])
    rest = min(count - 2, _SAMPLES_MAX)
    if rest > 0:
        yield from [(row["Sum"] - row["Minimum"] - row["Maximum"]) / (count - 2)] * rest


def _result(query: Mapping[str, Any], series: Series, *, ascending: bool) -> Result:
    stat = query.get("MetricStat")
    label = query.get("Label") or (stat["Metric"]["MetricName"] if stat else query["Id"])
    order = sorted(series, reverse=not ascending)
    return {
        "Id": query["Id"],
        "Label": label,
        "Timestamps": [datetime.fromtimestamp(at, UTC) for at in order],
        "Values": [float(series[at]) for at in order],
        "StatusCode": "Complete",
    }


def _matches(dimensions: Dimensions, wanted: list[Mapping[str, str]]) -> bool:
    known = dict(dimensions)
    return all(row["Name"] in known and row.get("Value", known[row["Name"]]) == known[row["Name"]] for row in wanted)


def _dimensions(params: Mapping[str, Any]) -> Dimensions:
    return tuple(sorted((row["Name"], row["Value"]) for row in params.get("Dimensions", [])))


def _unit_fits(params: Mapping[str, Any], unit: str) -> bool:
    return not params.get("Unit") or params["Unit"] == unit


def _period(period: Any, code: str) -> int:
    seconds = int(period)
    if seconds not in (1, 5, 10, 20, 30) and (seconds <= 0 or seconds % 60):
        raise AwsError(code, f"The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it is {seconds}.")
    return seconds


def _epoch(value: Any) -> float:
    """moto's parsers give naive UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def install(services: Services, metrics: Metrics) -> MetricStore:
    store = MetricStore(metrics, services.world.clock)
    services.override("cloudwatch", "PutMetricData", store.put_metric_data)
    services.override("cloudwatch", "ListMetrics", store.list_metrics)
    services.override("cloudwatch", "GetMetricStatistics", store.get_metric_statistics)
    services.override("cloudwatch", "GetMetricData", store.get_metric_data)
    return store
