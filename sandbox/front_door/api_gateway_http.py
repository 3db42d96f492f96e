"""HTTP APIs at work: stage, route, throttle, authorizer, integration, answer (API Gateway guide, "Working with HTTP APIs")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox import facts
from sandbox.control_plane.http_apis import HttpApi, HttpStage
from sandbox.errors import AwsError
from sandbox.front_door import api_gateway_answer as answer
from sandbox.front_door import api_gateway_event as event
from sandbox.front_door import cors
from sandbox.front_door.api_gateway_http_access import HttpAccess
from sandbox.front_door.api_gateway_lambda import LambdaCaller, TimedOut, function_of
from sandbox.front_door.api_gateway_path import match
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.event_parts import event_bytes
from sandbox.front_door.token_bucket import TokenBuckets
from sandbox.http_message import HttpResponse

Row = Mapping[str, Any]
Finish = Callable[[HttpResponse], None]

_CORS = {
    "allowCredentials": "AllowCredentials",
    "allowHeaders": "AllowHeaders",
    "allowMethods": "AllowMethods",
    "allowOrigins": "AllowOrigins",
    "exposeHeaders": "ExposeHeaders",
    "maxAge": "MaxAge",
}


def not_found() -> HttpResponse:
    return answer.said(404, "Not Found")


def broken() -> HttpResponse:
    """A function that failed, may not be called or answered nonsense: the reason is in the logs, not here."""
    return answer.said(500, "Internal Server Error")


def stage_of(api: HttpApi, raw_path: str) -> tuple[HttpStage, str] | None:
    """The stage a path names in its first segment, else ``$default``; and the path behind it."""
    first, slash, rest = raw_path[1:].partition("/")
    stage = api.stages.get(first) if first != "$default" else None
    if stage is not None:
        return stage, slash + rest if slash else "/"
    default = api.stages.get("$default")
    return (default, raw_path) if default is not None else None


class HttpApiDoor:
    def __init__(self, access: HttpAccess, caller: LambdaCaller, buckets: TokenBuckets) -> None:
        self._access = access
        self._caller = caller
        self._buckets = buckets

    def handle(self, visit: Visit, api: HttpApi, stage: HttpStage, finish: Finish) -> None:
        """``finish`` is called once with the answer, without what every answer of the API carries."""
        settings = {_CORS[name]: value for name, value in api.cors.items() if name in _CORS}

        def end(response: HttpResponse) -> None:
            cors.decorate(visit.request, response, settings or None)
            finish(response)

        definition = stage.definition
        if definition is None:
            end(not_found())
            return
        routes = {str(row["routeKey"]): row for row in definition.routes}
        found = match(routes, visit.request.method, visit.path)
        route = routes[found.key] if found else {}
        if settings and cors.is_preflight(visit.request) and _is_open(route):
            finish(_preflight(visit, settings))
            return
        if found is None:
            end(not_found())
            return
        visit.route_key, visit.resource, visit.path_parameters = found.key, found.resource, found.parameters
        if not self._within_limits(visit, stage):
            end(answer.said(429, "Too Many Requests"))
            return

        def admitted() -> None:
            target = str(route.get("target") or "").partition("/")[2]
            integration = definition.integrations.get(target)
            if integration is None:
                end(broken())
            else:
                self._integrate(visit, integration, end)

        authorizer = definition.authorizers.get(str(route.get("authorizerId") or ""), {})
        self._access.check(visit, route, authorizer, admitted, end)

    def _within_limits(self, visit: Visit, stage: HttpStage) -> bool:
        """The route's own limit, else the stage's; and the account's, which all APIs of a Region share."""
        own = stage.route_settings.get(visit.route_key) or {}
        rate = own.get("throttlingRateLimit", stage.default_settings.get("throttlingRateLimit"))
        burst = own.get("throttlingBurstLimit", stage.default_settings.get("throttlingBurstLimit"))
        account = (visit.account_id, visit.region)
        if not self._buckets.take(account, facts.limit("api_requests_per_s"), facts.limit("api_burst")):
            return False
        if rate is None and burst is None:
            return True
        place = (visit.api_id, stage.name, visit.route_key)
        return self._buckets.take(place, float(rate or 0), float(burst if burst is not None else rate or 0))

    def _integrate(self, visit: Visit, integration: Row, end: Finish) -> None:
        function = function_of(str(integration.get("integrationUri") or ""), visit.variables)
        if integration.get("integrationType") != "AWS_PROXY" or integration.get("integrationSubtype") or not function:
            kind = integration.get("integrationSubtype") or integration.get("integrationType")
            visit.passage.error = f"integration {kind} is not supported by this account"
            end(answer.said(501, f"The integration {kind} of this API is not supported by this account; AWS_PROXY to Lambda is."))
            return
        old = integration.get("payloadFormatVersion") == "1.0"
        document = event.http_version_1(visit) if old else event.version_2(visit)
        limit_ms = float(facts.limit("http_api_timeout_ms"))
        timeout_s = min(float(integration.get("timeoutInMillis") or limit_ms), limit_ms) / 1000

        def done(result: bytes | AwsError) -> None:
            if isinstance(result, AwsError):
                visit.passage.error = visit.passage.error or result.code
                end(answer.said(503, "Service Unavailable") if isinstance(result, TimedOut) else broken())
                return
            response = answer.of_version_1(result) if old else answer.of_version_2(result)
            end(response or broken())

        role = str(integration.get("credentialsArn") or "")
        self._caller.call(visit, function, event_bytes(document), timeout_s, done, role=role)


def _is_open(route: Row) -> bool:
    """A catch-all route with an authorizer takes preflight requests as well; other routes leave them to the API."""
    return str(route.get("authorizationType") or "NONE") == "NONE"


def _preflight(visit: Visit, settings: Mapping[str, Any]) -> HttpResponse:
    response = cors.preflight(visit.request, settings)
    headers = [(name, value) for name, value in response.headers if name.lower() != "content-type"]
    return HttpResponse(204, headers)
