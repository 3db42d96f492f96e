"""Access logs and metrics of API Gateway's stages: ``$context`` variables in the stage's format, into a log group."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.front_door import api_gateway_event as event
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.http_message import HttpResponse

_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_.]+)")
_STREAM = "apigateway"


class LogGroups(Protocol):
    def has_group(self, account_id: str, region: str, group: str) -> bool: ...

    def has_stream(self, account_id: str, region: str, group: str, stream: str) -> bool: ...

    def create_stream(self, account_id: str, region: str, group: str, stream: str) -> None: ...

    def put(self, account_id: str, region: str, group: str, stream: str, records: list[tuple[int, str]]) -> None: ...


PutMetric = Callable[[str, str, str, str, Mapping[str, str], float, str, float], None]


class AccessLog:
    def __init__(self, groups: LogGroups, put_metric: PutMetric, clock: Clock) -> None:
        self._groups = groups
        self._put_metric = put_metric
        self._clock = clock

    def http(self, visit: Visit, response: HttpResponse, settings: Mapping[str, Any]) -> None:
        self.measure(visit, response, "ApiId", visit.api_id, ("4xx", "5xx"))
        self.write(visit, response, settings, event.context_2(visit) | {"authorizer": _authorizer(visit)})

    def rest(self, visit: Visit, response: HttpResponse, settings: Mapping[str, Any], name: str) -> None:
        self.measure(visit, response, "ApiName", name, ("4XXError", "5XXError"))
        self.write(visit, response, settings, event.context_1(visit, "", dict(visit.authorizer) or None))

    def measure(self, visit: Visit, response: HttpResponse, key: str, name: str, failures: tuple[str, str]) -> None:
        """``AWS/ApiGateway`` by API and by stage (guide, "Metrics")."""
        now = self._clock.now()
        taken_ms = (now - visit.passage.started) * 1000
        rows = [("Count", 1.0, "Count"), ("Latency", taken_ms, "Milliseconds"), ("IntegrationLatency", taken_ms, "Milliseconds")]
        rows.append((failures[0], float(400 <= response.status < 500), "Count"))
        rows.append((failures[1], float(response.status >= 500), "Count"))
        for dimensions in ({key: name}, {key: name, "Stage": visit.stage}):
            for metric, value, unit in rows:
                self._put_metric(visit.account_id, visit.region, "AWS/ApiGateway", metric, dimensions, value, unit, now)

    def write(self, visit: Visit, response: HttpResponse, settings: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """A stage without a destination, or whose log group is gone, logs nothing."""
        group = str(settings.get("destinationArn") or "").removesuffix(":*").partition(":log-group:")[2]
        text = str(settings.get("format") or "")
        place = (visit.account_id, visit.region, group)
        if not group or not text or not self._groups.has_group(*place):
            return
        if not self._groups.has_stream(*place, _STREAM):
            self._groups.create_stream(*place, _STREAM)
        known = dict(_flat("", context)) | _outcome(visit, response, self._clock.now())
        line = _VARIABLE.sub(lambda match: str(known.get(match[1], "-")), text)
        self._groups.put(*place, _STREAM, [(self._clock.now_ms(), line)])


def _authorizer(visit: Visit) -> dict[str, Any]:
    """``$context.authorizer`` in an HTTP API's log: ``claims`` of a JWT, what a function said, ``error`` of a refusal (guide)."""
    known = visit.authorizer
    claims, said = (known.get("jwt") or {}).get("claims"), known.get("lambda") or {}
    return {**known, **said, "claims": claims or {}, "error": None if visit.passage.allowed else visit.passage.error}


def _outcome(visit: Visit, response: HttpResponse, now: float) -> dict[str, Any]:
    request = visit.request
    return {
        "status": response.status,
        "responseLength": len(response.body),
        "responseLatency": int((now - visit.passage.started) * 1000),
        "httpMethod": request.method,
        "path": visit.raw_path,
        "protocol": "HTTP/1.1",
        "routeKey": visit.route_key or "-",
        "resourcePath": visit.resource or "-",
        "requestTime": event.context_1(visit, "", None)["requestTime"],
        "requestTimeEpoch": int(visit.passage.started * 1000),
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.header("user-agent") or "-",
        "extendedRequestId": visit.request_id,
        "integrationErrorMessage": visit.passage.error or "-",
        "error.message": visit.passage.error or "-",
    }


def _flat(prefix: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        return [(prefix.rstrip("."), "-" if value is None else value)]
    return [row for name, inner in value.items() for row in _flat(f"{prefix}{name}.", inner)]
