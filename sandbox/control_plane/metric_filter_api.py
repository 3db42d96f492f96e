"""Metric filters over the account's own (``telemetry.metric_filters``); moto keeps them as text and makes no metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.control_plane.log_store import Forward, LogStore
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal
from sandbox.telemetry.filter_pattern import PatternRefused
from sandbox.telemetry.metric_filters import PER_GROUP_MAX, MetricFilter, MetricFilters, numeric

Result = dict[str, Any]
_DIMENSIONS_MAX = 3
_PAGE = 50
_MESSAGES_MAX = 50
_Handler = Callable[[dict[str, Any], str, str], Result]


class MetricFilterApi:
    """Each method takes botocore's parameters, the account and the Region."""

    def __init__(self, filters: MetricFilters, logs: LogStore, now_ms: Callable[[], int]) -> None:
        self._filters = filters
        self._logs = logs
        self._now_ms = now_ms

    def put(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        place = self._place(params, account_id, region)
        made = self._made(params["filterName"], params.get("filterPattern", ""), params["metricTransformations"])
        known = self._filters.of(place)
        if made.name not in known and len(known) >= PER_GROUP_MAX:
            raise AwsError("LimitExceededException", "Resource limit exceeded.")
        _check(made)
        self._filters.put(place, made)
        return {}

    def describe(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        if bool(params.get("metricName")) != bool(params.get("metricNamespace")):
            raise _invalid("metricName and metricNamespace must be given together")
        if params.get("logGroupName"):
            groups = [self._place(params, account_id, region)[2]]
        else:
            groups = self._filters.groups(account_id, region)
        found = [_row(group, made) for group in groups for made in self._filters.of((account_id, region, group)).values()]
        found = [row for row in found if _matches(row, params)]
        start, size = int(params.get("nextToken") or 0), int(params.get("limit") or _PAGE)
        more = {"nextToken": str(start + size)} if start + size < len(found) else {}
        return {"metricFilters": found[start : start + size], **more}

    def delete(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        place = self._place(params, account_id, region)
        if not self._filters.delete(place, params["filterName"]):
            raise AwsError("ResourceNotFoundException", "The specified metric filter does not exist.")
        return {}

    def try_out(self, params: dict[str, Any], _account_id: str, _region: str) -> Result:
        """TestMetricFilter."""
        messages = params["logEventMessages"]
        if not 1 <= len(messages) <= _MESSAGES_MAX:
            raise _invalid(f"logEventMessages takes 1 to {_MESSAGES_MAX} messages")
        tested = self._made("", params.get("filterPattern", ""), []).pattern
        matches = [
            {"eventNumber": number, "eventMessage": message, "extractedValues": {}}
            for number, message in enumerate(messages, 1)
            if tested.matches(message)
        ]
        return {"matches": matches}

    def _made(self, name: str, pattern: str, transformations: list[dict[str, Any]]) -> MetricFilter:
        try:
            return MetricFilter(name, pattern, transformations, self._now_ms())
        except PatternRefused:
            raise AwsError("InvalidParameterException", "Invalid filter pattern") from None

    def _place(self, params: dict[str, Any], account_id: str, region: str) -> tuple[str, str, str]:
        group = params["logGroupName"]
        if not self._logs.has_group(account_id, region, group):
            raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
        return (account_id, region, group)


def _check(made: MetricFilter) -> None:
    if len(made.transformations) != 1:
        raise _invalid("a metric filter has exactly one metric transformation")
    (one,) = made.transformations
    value, dimensions = str(one.get("metricValue", "")), one.get("dimensions", {})
    if numeric(value) is None and not value.startswith("$"):
        raise _invalid("metricValue must be a number or a field that begins with $")
    if (value.startswith("$") or dimensions) and not made.is_structured:
        raise _invalid("fields as value or dimension need a JSON or a space-delimited filter pattern")
    if len(dimensions) > _DIMENSIONS_MAX:
        raise _invalid(f"a metric filter has at most {_DIMENSIONS_MAX} dimensions")
    if dimensions and "defaultValue" in one:
        raise _invalid("a metric transformation cannot have both dimensions and a default value")


def _row(group: str, made: MetricFilter) -> Result:
    return {
        "filterName": made.name,
        "filterPattern": made.pattern_text,
        "metricTransformations": made.transformations,
        "creationTime": made.created_ms,
        "logGroupName": group,
    }


def _matches(row: Result, params: dict[str, Any]) -> bool:
    one = row["metricTransformations"][0]
    return bool(
        row["filterName"].startswith(params.get("filterNamePrefix", ""))
        and params.get("metricName", one["metricName"]) == one["metricName"]
        and params.get("metricNamespace", one["metricNamespace"]) == one["metricNamespace"]
    )


def _invalid(why: str) -> AwsError:
    return AwsError("InvalidParameterException", f"Invalid metric filter: {why}.")


def install(services: Services, filters: MetricFilters, logs: LogStore, records: list[Forward]) -> None:
    """``records`` see what Lambda logs as it arrives, and what clients put."""
    logs.forwards += records
    api = MetricFilterApi(filters, logs, services.world.clock.now_ms)
    for operation, handler in {
        "PutMetricFilter": api.put,
        "DescribeMetricFilters": api.describe,
        "DeleteMetricFilter": api.delete,
        "TestMetricFilter": api.try_out,
    }.items():
        services.override("logs", operation, _plain(handler))

    def after(call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 400:
            return
        if call.operation == "DeleteLogGroup":
            filters.forget((account_id, region, call.params["logGroupName"]))
        elif call.operation == "PutLogEvents":
            put = [(int(row["timestamp"]), str(row["message"])) for row in call.params["logEvents"]]
            for forward in records:
                forward(account_id, region, call.params["logGroupName"], call.params["logStreamName"], put)

    services.after.setdefault("logs", []).append(after)


def _plain(handler: _Handler) -> Callable[[ParsedCall, HttpRequest, str, str, Principal | None], Result]:
    return lambda call, _request, account_id, region, _principal: handler(call.params, account_id, region)
