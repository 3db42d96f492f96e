"""Function URLs over HTTP: who may call, the event, the invocation, the answer (Lambda guide, "Function URLs").

Since October 2025 a call needs two permissions, ``lambda:InvokeFunctionUrl`` and ``lambda:InvokeFunction`` (fact A-01). Preflight
requests are answered from the CORS configuration, unsigned and without the function.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from sandbox.errors import AwsError
from sandbox.front_door import cors, function_url_answer
from sandbox.front_door.causes import Causes, trace_header
from sandbox.front_door.claim import Claim, read_claim
from sandbox.front_door.event_parts import event_bytes
from sandbox.front_door.function_url_event import event_of
from sandbox.front_door.gate import Gate, Rooms
from sandbox.front_door.passage import Passage
from sandbox.front_door.route import Route
from sandbox.front_door.streamed_body import StreamedBody
from sandbox.front_door.way_out import set_out
from sandbox.functions.urls import UrlConfig
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.iam.principal import anonymous
from sandbox.invocation.call import Answer, Call
from sandbox.invocation.invoke import Invoker

OPERATION = "InvokeFunctionUrl"  # the operation map knows it by this name; the API does not
_AUTHORIZATION_CODES = ("AccessDenied", "AccessDeniedException")


class UrlSource(Protocol):
    def url(self, url_id: str) -> UrlConfig | None: ...


class FunctionUrlDoor:
    """``gate`` is set by the door that owns both."""

    def __init__(self, rooms: Rooms, invoker: Invoker, urls: UrlSource, causes: Causes) -> None:
        self.rooms = rooms
        self.gate: Gate
        self._invoker = invoker
        self._urls = urls
        self._causes = causes

    def handle(self, request: HttpRequest, respond: Respond, route: Route) -> None:
        config = self._urls.url(route.name)
        if config is None or (route.region and route.region != config.region):
            respond(function_url_answer.unknown_url())
            return
        if config.cors and cors.is_preflight(request):
            respond(cors.preflight(request, config.cors))
            return
        rooms = self.rooms
        passage = Passage(request, respond, rooms.ids.uuid(), rooms.clock, rooms.calls)
        passage.service, passage.operation = "lambda", OPERATION
        passage.account_id, passage.region = config.account_id, config.region
        try:
            claim = self._identify(passage, config)
            if not set_out(rooms, self._causes, passage):
                return
            self._admit(passage, config)
        except AwsError as error:
            passage.allowed = False
            passage.refuse(error, lambda refused: self._refused(refused, request, config))
            return
        refuse = self._refuser(request, config)
        passage.suffer(rooms.faults, refuse, lambda: self._invoke(passage, config, route, claim, refuse))

    # -- who, and may they

    def _identify(self, passage: Passage, config: UrlConfig) -> Claim | None:
        """With auth type NONE a signature is not looked at: everyone is anonymous."""
        if config.auth_type == "NONE":
            passage.principal = anonymous()
            return None
        claim = read_claim(passage.request)
        if claim is None:
            raise AwsError("AccessDeniedException", None, 403)
        if claim.service != "lambda" or claim.region != config.region:
            raise AwsError("InvalidSignatureException", "Credential should be scoped to a valid region.", 403)
        passage.principal = self.rooms.signatures.verify(claim, passage.request)
        return claim

    def _admit(self, passage: Passage, config: UrlConfig) -> None:
        params = {"FunctionName": config.function_arn, "FunctionUrlAuthType": config.auth_type}
        where = self.gate.site(passage.request, passage.principal, config.account_id, config.region)
        passage.ruling = self.rooms.admission.rule("lambda", OPERATION, params, where)
        if not passage.ruling.allowed:
            raise AwsError("AccessDeniedException", None, 403)

    def _refused(self, error: AwsError, request: HttpRequest, config: UrlConfig) -> HttpResponse:
        """403 with the recorded body for a missing permission; a signature that does not hold says so itself."""
        if error.code in _AUTHORIZATION_CODES:
            response = function_url_answer.forbidden()
        else:
            response = function_url_answer.refused(403, {"message": error.message}, error.code)
        cors.decorate(request, response, config.cors)
        return response

    # -- do it

    def _invoke(
        self,
        passage: Passage,
        config: UrlConfig,
        route: Route,
        claim: Claim | None,
        refuse: Callable[[AwsError], HttpResponse],
    ) -> None:
        request = passage.request
        incoming = request.header("x-amzn-trace-id")
        trace = trace_header(incoming, self.rooms.ids, passage.started)
        title = f"{request.method} {route.path} to the URL of {config.function}"
        passage.cause = self.rooms.timeline.add("url", title, cause=self._causes.of(incoming), url_id=config.url_id)
        self._causes.remember(trace, passage.cause)
        principal = passage.principal if config.auth_type == "AWS_IAM" else None
        key = claim.access_key_id if claim else ""
        event = event_of(request, route.path, config, principal, key, passage.request_id, trace, passage.started)
        payload = event_bytes(event)
        call = Call(
            config.account_id,
            config.region,
            config.function,
            payload,
            config.qualifier,
            trace_header=trace,
            source="url",
            cause=passage.cause,
            stream=config.streams,
            request_id=passage.request_id,
        )
        if config.streams:
            _Stream(passage, config, refuse).start(self._invoker, call)
            return

        def done(outcome: Answer | AwsError) -> None:
            if isinstance(outcome, AwsError):
                passage.refuse(outcome, refuse)
                return
            passage.error = outcome.error_type
            failed = bool(outcome.function_error)
            response = function_url_answer.bad_gateway() if failed else function_url_answer.answer_of(outcome.payload)
            passage.answer(_finish(request, response, config, passage.request_id, trace))

        self._invoker.invoke(call, done)

    def _refuser(self, request: HttpRequest, config: UrlConfig) -> Callable[[AwsError], HttpResponse]:
        def refuse(error: AwsError) -> HttpResponse:
            response = _lambda_said(error)
            cors.decorate(request, response, config.cors)
            return response

        return refuse


class _Stream:
    """RESPONSE_STREAM: the body leaves as it comes. Python's managed runtime streams nothing itself, so the head is plain."""

    def __init__(self, passage: Passage, config: UrlConfig, refuse: Callable[[AwsError], HttpResponse]) -> None:
        self._passage = passage
        self._config = config
        self._refuse = refuse
        self._body = StreamedBody()
        self._begun = False
        self._trace = ""

    def start(self, invoker: Invoker, call: Call) -> None:
        self._trace = call.trace_header
        invoker.invoke(call, self._done, self._chunk)

    def _begin(self, head: dict[str, object]) -> None:
        self._begun = True
        shape = {"statusCode": 200, "headers": {"Content-Type": "application/octet-stream"}, **head}
        response = function_url_answer.answer_of(json.dumps(shape).encode())
        response.body, response.stream = b"", self._body.attach
        self._passage.answer(_finish(self._passage.request, response, self._config, self._passage.request_id, self._trace))

    def _chunk(self, data: bytes) -> None:
        if not self._begun:
            self._begin({})
        self._body.chunk(data)

    def _done(self, outcome: Answer | AwsError) -> None:
        if self._begun:
            self._body.end()
        elif isinstance(outcome, AwsError):
            self._passage.refuse(outcome, self._refuse)
        elif outcome.function_error:
            self._passage.error = outcome.error_type
            response = function_url_answer.bad_gateway()
            self._passage.answer(_finish(self._passage.request, response, self._config, self._passage.request_id, self._trace))
        else:
            self._begin(outcome.stream_head)
            if outcome.payload:
                self._body.chunk(outcome.payload)
            self._body.end()


def _finish(request: HttpRequest, response: HttpResponse, config: UrlConfig, request_id: str, trace: str) -> HttpResponse:
    response.headers.append(("x-amzn-RequestId", request_id))
    response.headers.append(("X-Amzn-Trace-Id", trace))
    cors.decorate(request, response, config.cors)
    return response


def _lambda_said(error: AwsError) -> HttpResponse:
    """What Lambda refuses behind the URL: throttling and size come through, everything else is a failed gateway."""
    if error.status in (429, 413):
        body: dict[str, Any] = {key: error.fields[key] for key in ("Reason", "Type") if key in error.fields}
        return function_url_answer.refused(error.status, {**body, "message": error.message}, error.code)
    if error.status == 403:
        return function_url_answer.forbidden()
    response = function_url_answer.bad_gateway()
    response.status = max(error.status, 502) if error.status >= 500 else 502
    return response
