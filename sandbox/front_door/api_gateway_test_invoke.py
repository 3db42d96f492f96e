"""``TestInvokeMethod``: a method as it is now, deployed or not, without authorizers and API keys (API reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.control_plane.rest_apis import RestApis, RestStage
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.front_door.api_gateway_event import multi
from sandbox.front_door.api_gateway_path import fit
from sandbox.front_door.api_gateway_rest import RestApiDoor
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.causes import trace_header
from sandbox.front_door.gate import Rooms
from sandbox.front_door.passage import Passage
from sandbox.http_message import HeaderList, HttpRequest, HttpResponse

_STAGE = "test-invoke-stage"
Answered = Callable[["dict[str, Any] | AwsError"], None]


class TestInvoke:
    __test__ = False  # pytest takes it for a test by its name

    def __init__(self, rooms: Rooms, apis: RestApis, rest: RestApiDoor) -> None:
        self._rooms = rooms
        self._apis = apis
        self._rest = rest

    def handle(self, call: ParsedCall, account_id: str, region: str, cause: int, answered: Answered) -> None:
        params = call.params
        api = self._apis.find(str(params["restApiId"]))
        if api is None or (api.account_id, api.region) != (account_id, region):
            raise AwsError("NotFoundException", "Invalid API identifier specified", 404)
        definition = self._apis.current(account_id, region, api.api_id)
        resource = next((row for row in definition.resources.values() if row.resource_id == params["resourceId"]), None)
        method = str(params["httpMethod"])
        if resource is None or method not in resource.methods:
            raise AwsError("NotFoundException", "Invalid Method identifier specified", 404)
        path, _, query = str(params.get("pathWithQueryString") or resource.path).partition("?")
        request = HttpRequest("GET" if method == "ANY" else method, path, query, _headers(params), _body(params))
        passage = Passage(request, lambda _response: None, self._rooms.ids.uuid(), self._rooms.clock, self._rooms.calls)
        passage.cause = cause
        trace = trace_header("", self._rooms.ids, passage.started)
        request_id = self._rooms.ids.base36(15)
        visit = Visit(passage, account_id, region, api.api_id, _STAGE, path, f"/{_STAGE}{path}", request_id, trace)
        visit.variables = params.get("stageVariables") or {}
        visit.resource, visit.path_parameters = resource.path, fit(resource.path, path.split("/")[1:]) or {}
        stage = RestStage(_STAGE, "", definition, visit.variables, {}, {})

        def finish(response: HttpResponse) -> None:
            latency_ms = int((self._rooms.clock.now() - passage.started) * 1000)
            answered(_result(visit, response, latency_ms))

        self._rest.perform(visit, stage, resource.resource_id, method, finish)


def _headers(params: Mapping[str, Any]) -> HeaderList:
    several = params.get("multiValueHeaders") or {}
    rows = [(str(name), str(value)) for name, values in several.items() for value in values]
    return rows + [(str(name), str(value)) for name, value in (params.get("headers") or {}).items() if name not in several]


def _body(params: Mapping[str, Any]) -> bytes:
    return str(params.get("body") or "").encode()


def _result(visit: Visit, response: HttpResponse, latency_ms: int) -> dict[str, Any]:
    lines = [
        f"Execution log for request {visit.passage.request_id}",
        f"Starting execution for request: {visit.passage.request_id}",
        f"HTTP Method: {visit.request.method}, Resource Path: {visit.path}",
        f"Method request path: {visit.path_parameters}",
        *([f"Execution failed: {visit.passage.error}"] if visit.passage.error else []),
        f"Method completed with status: {response.status}",
    ]
    headers = multi(response.headers)
    return {
        "status": response.status,
        "body": response.body.decode("utf-8", "replace"),
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "log": "\n".join(lines) + "\n",
        "latency": latency_ms,
    }
