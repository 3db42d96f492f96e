"""X-Ray's operations over the account's traces (``telemetry.traces``): Lambda's segments and the functions' own meet there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.telemetry.service_graph import service_graph
from sandbox.telemetry.trace_filter import trace_filter
from sandbox.telemetry.traces import BadSegment, Trace, Traces, end_of, status_of

Result = dict[str, Any]
_TRACES_MAX = 5  # of one BatchGetTraces (API reference)
_HOURS_MAX = 6  # of one GetTraceSummaries
_PAGE = 100
_Handler = Callable[[dict[str, Any], str, str], Result]


class XrayApi:
    """Each method takes botocore's parameters, the account and the Region."""

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def put_trace_segments(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        refused = []
        for text in params["TraceSegmentDocuments"]:
            try:
                self._traces.put_text(account_id, region, text)
            except BadSegment as bad:
                refused.append({"Id": bad.id, "ErrorCode": bad.code, "Message": str(bad)})
        return {"UnprocessedTraceSegments": refused}

    def batch_get_traces(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        wanted = params["TraceIds"]
        if len(wanted) > _TRACES_MAX:
            raise AwsError("InvalidRequestException", f"Too many trace ids; at most {_TRACES_MAX} are answered at once.")
        found = [(trace_id, self._traces.find(account_id, region, trace_id)) for trace_id in dict.fromkeys(wanted)]
        return {
            "Traces": [_trace(trace) for _, trace in found if trace is not None],
            "UnprocessedTraceIds": [trace_id for trace_id, trace in found if trace is None],
        }

    def get_trace_summaries(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        start, end = _times(params)
        if end - start > _HOURS_MAX * 3_600:
            raise AwsError("InvalidRequestException", f"The time range cannot be longer than {_HOURS_MAX} hours.")
        fits = trace_filter(params.get("FilterExpression", ""))
        traces = self._traces.between(account_id, region, start, end)
        rows = [_summary(trace, account_id) for trace in traces if fits(trace)]
        first = int(params.get("NextToken") or 0)
        more = {"NextToken": str(first + _PAGE)} if first + _PAGE < len(rows) else {}
        return {
            "TraceSummaries": rows[first : first + _PAGE],
            "ApproximateTime": _moment(start),
            "TracesProcessedCount": len(traces),
            **more,
        }

    def get_service_graph(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        start, end = _times(params)
        services = _dated(service_graph(self._traces.between(account_id, region, start, end), account_id))
        return {
            "StartTime": _moment(start),
            "EndTime": _moment(end),
            "Services": services,
            "ContainsOldGroupVersions": False,
        }

    def get_trace_graph(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        found = [self._traces.find(account_id, region, trace_id) for trace_id in params["TraceIds"]]
        return {"Services": _dated(service_graph([trace for trace in found if trace is not None], account_id))}


def _trace(trace: Trace) -> Result:
    segments = sorted(trace.segments.values(), key=lambda segment: float(segment["start_time"]))
    rows = [{"Id": segment["id"], "Document": json.dumps(segment, separators=(",", ":"))} for segment in segments]
    return {"Id": trace.id, "Duration": round(trace.end - trace.start, 3), "LimitExceeded": False, "Segments": rows}


def _summary(trace: Trace, account_id: str) -> Result:
    root = trace.roots[0]
    answered = status_of(root)
    status = {} if answered is None else {"HttpStatus": answered}
    services = [
        {"Name": segment["name"], "Names": [segment["name"]], "AccountId": account_id, "Type": segment.get("origin", "client")}
        for segment in trace.segments.values()
    ]
    notes = {
        key: [{"AnnotationValue": _annotation(value), "ServiceIds": []} for value in values]
        for key, values in trace.annotations().items()
    }
    return {
        "Id": trace.id,
        "StartTime": _moment(trace.start),
        "Duration": round(trace.end - trace.start, 3),
        "ResponseTime": round(end_of(root) - float(root["start_time"]), 3),
        "HasFault": trace.has("fault"),
        "HasError": trace.has("error"),
        "HasThrottle": trace.has("throttle"),
        "IsPartial": trace.is_partial,
        "Http": status,
        "Annotations": notes,
        "Users": [],
        "ServiceIds": services,
        "ResourceARNs": [{"ARN": one["resource_arn"]} for one in trace.segments.values() if "resource_arn" in one],
        "EntryPoint": services[list(trace.segments).index(root["id"])],
        "Revision": len(trace.segments),
    }


def _annotation(value: Any) -> Result:
    if isinstance(value, bool):
        return {"BooleanValue": value}
    return {"NumberValue": float(value)} if isinstance(value, int | float) else {"StringValue": str(value)}


def _dated(services: list[Result]) -> list[Result]:
    for row in (*services, *(edge for service in services for edge in service["Edges"])):
        row["StartTime"], row["EndTime"] = _moment(row["StartTime"]), _moment(row["EndTime"])
    return services


def _times(params: dict[str, Any]) -> tuple[float, float]:
    start, end = _epoch(params["StartTime"]), _epoch(params["EndTime"])
    if start > end:
        raise AwsError("InvalidRequestException", "The start time must not be after the end time.")
    return start, end


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _epoch(value: Any) -> float:
    if isinstance(value, int | float):
        return float(value)
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def install(services: Services, traces: Traces) -> None:
    api = XrayApi(traces)
    for operation, handler in {
        "PutTraceSegments": api.put_trace_segments,
        "BatchGetTraces": api.batch_get_traces,
        "GetTraceSummaries": api.get_trace_summaries,
        "GetServiceGraph": api.get_service_graph,
        "GetTraceGraph": api.get_trace_graph,
    }.items():
        services.override("xray", operation, _plain(handler))


def _plain(handler: _Handler) -> Callable[[ParsedCall, HttpRequest, str, str, Principal | None], Result]:
    return lambda call, _request, account_id, region, _principal: handler(call.params, account_id, region)
