"""API Gateway's own address: finds the API a request is for, and carries it through the gate's rules to the API's door.

Faults match ``execute-api:Invoke``; every request is in the call log, on the timeline and in the API's metrics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sandbox.control_plane.http_apis import HttpApi
from sandbox.control_plane.rest_apis import RestApi
from sandbox.errors import AwsError
from sandbox.front_door import api_gateway_answer as answer
from sandbox.front_door.api_gateway_http import HttpApiDoor, not_found, stage_of
from sandbox.front_door.api_gateway_log import AccessLog
from sandbox.front_door.api_gateway_rest import RestApiDoor
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.causes import Causes, trace_header
from sandbox.front_door.gate import Rooms
from sandbox.front_door.passage import Passage
from sandbox.front_door.route import Route
from sandbox.http_message import HttpRequest, HttpResponse, Respond

SERVICE, OPERATION = "execute-api", "Invoke"


class HttpApiSource(Protocol):
    def find(self, api_id: str) -> HttpApi | None: ...


class RestApiSource(Protocol):
    def find(self, api_id: str) -> RestApi | None: ...


class ApiGatewayDoor:
    def __init__(
        self,
        rooms: Rooms,
        causes: Causes,
        http_apis: HttpApiSource,
        http: HttpApiDoor,
        rest_apis: RestApiSource,
        rest: RestApiDoor,
        log: AccessLog,
    ) -> None:
        self._rooms = rooms
        self._causes = causes
        self._http_apis = http_apis
        self._http = http
        self._rest_apis = rest_apis
        self._rest = rest
        self._log = log

    def handle(self, request: HttpRequest, respond: Respond, route: Route) -> None:
        """``route.name`` is the API's id and ``route.path`` what is behind its address."""
        api = self._http_apis.find(route.name)
        if api is not None and not api.disabled and route.region in ("", api.region):
            self._http_api(request, respond, route, api)
            return
        rest = self._rest_apis.find(route.name) if api is None else None
        if rest is not None and not rest.disabled and route.region in ("", rest.region):
            self._rest_api(request, respond, route, rest)
            return
        respond(_unknown())

    def _http_api(self, request: HttpRequest, respond: Respond, route: Route, api: HttpApi) -> None:
        found = stage_of(api, route.path)
        stage_name = found[0].name if found else "$default"
        path = found[1] if found else route.path
        visit = self._visit(request, respond, api.account_id, api.region, api.api_id, stage_name, path, route.path)
        visit.variables = found[0].variables if found else {}
        self._note(visit, api.name)

        def finish(response: HttpResponse) -> None:
            response.headers.append(("Apigw-Requestid", visit.request_id))
            self._log.http(visit, response, found[0].access_log if found else {})
            visit.passage.answer(response)

        if found is None:
            finish(not_found())
            return
        stage = found[0]
        self._suffer(visit, lambda: self._http.handle(visit, api, stage, finish), finish)

    def _rest_api(self, request: HttpRequest, respond: Respond, route: Route, api: RestApi) -> None:
        name, slash, rest = route.path[1:].partition("/")
        stage = api.stages.get(name)
        if stage is None:
            respond(_unknown())
            return
        path = slash + rest if slash else "/"
        visit = self._visit(request, respond, api.account_id, api.region, api.api_id, name, path, route.path)
        visit.variables = stage.variables
        self._note(visit, api.name)

        def finish(response: HttpResponse) -> None:
            response.headers += [("x-amzn-RequestId", visit.passage.request_id), ("x-amz-apigw-id", visit.request_id)]
            self._log.rest(visit, response, stage.access_log, api.name)
            visit.passage.answer(response)

        self._suffer(visit, lambda: self._rest.handle(visit, stage, finish), finish)

    def _visit(
        self,
        request: HttpRequest,
        respond: Respond,
        account_id: str,
        region: str,
        api_id: str,
        stage: str,
        path: str,
        raw_path: str,
    ) -> Visit:
        rooms = self._rooms
        passage = Passage(request, respond, rooms.ids.uuid(), rooms.clock, rooms.calls)
        passage.service, passage.operation = SERVICE, OPERATION
        passage.account_id, passage.region = account_id, region
        trace = trace_header(request.header("x-amzn-trace-id"), rooms.ids, passage.started)
        request_id = _short_id(rooms.ids.base36(14))
        return Visit(passage, account_id, region, api_id, stage, path, raw_path, request_id, trace)

    def _note(self, visit: Visit, name: str) -> None:
        passage = visit.passage
        cause = self._causes.of(visit.request.header("x-amzn-trace-id"))
        title = f"{visit.request.method} {visit.raw_path} to the API {name}"
        passage.cause = self._rooms.timeline.add("url", title, cause=cause, api_id=visit.api_id, stage=visit.stage)
        self._causes.remember(visit.trace, passage.cause)
        arns = (visit.arn(),)
        passage.ruling = passage.ruling._replace(arns=arns)

    def _suffer(self, visit: Visit, go_on: Callable[[], None], finish: Respond) -> None:
        """An injected fault ends the request with its own code and status."""
        passage = visit.passage
        fault = self._rooms.faults.match(SERVICE, OPERATION, passage.ruling.arns, passage.principal, passage.cause)
        if fault is None:
            go_on()
            return
        passage.fault = fault.rule
        error = fault.error

        def after() -> None:
            if error is None:
                go_on()
            else:
                passage.error = error.code
                finish(_injected(error))

        if fault.latency_s > 0:
            self._rooms.clock.call_later(fault.latency_s, after, f"fault {fault.rule}")
        else:
            after()


def _injected(error: AwsError) -> HttpResponse:
    return answer.said(error.status, error.message or error.code, [("x-amzn-ErrorType", error.code)])


def _unknown() -> HttpResponse:
    """An id nobody has and an endpoint that is switched off look the same from outside."""
    return answer.said(403, "Forbidden", [("x-amzn-ErrorType", "ForbiddenException")])


def _short_id(letters: str) -> str:
    """As ``JKJaXmPLvHcESHA=``: fifteen characters and a sign of equality."""
    return "".join(letter.upper() if index % 3 else letter for index, letter in enumerate(letters)) + "A="
