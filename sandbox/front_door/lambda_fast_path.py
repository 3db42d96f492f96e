"""Invoke, InvokeAsync and InvokeWithResponseStream: through the same gate as everything, without the generic parser.

Only the plain form of Invoke is taken here by its path; whatever else names these operations comes from the gate, parsed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from sandbox.control_plane import wire
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError, InternalError
from sandbox.front_door import invoke_answer
from sandbox.front_door.causes import Causes, trace_header
from sandbox.front_door.claim import Claim
from sandbox.front_door.event_stream import MEDIA_TYPE
from sandbox.front_door.gate import Gate, Rooms
from sandbox.front_door.passage import Passage
from sandbox.front_door.streamed_body import StreamedBody
from sandbox.front_door.way_out import set_out
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.iam.denial import denial
from sandbox.invocation.call import Answer, Call, Done, InvocationType
from sandbox.invocation.invoke import Invoker

INVOKE_PATH = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
_QUALIFIER = re.compile(r"(?:^|&)Qualifier=([^&]*)")
_TYPES: dict[str, InvocationType] = {
    "": "RequestResponse",
    "RequestResponse": "RequestResponse",
    "Event": "Event",
    "DryRun": "DryRun",
}


class InvokeDoor:
    """``gate`` is set by the door that owns both: the gate hands parsed Invoke operations to ``parsed``."""

    def __init__(self, rooms: Rooms, invoker: Invoker, causes: Causes) -> None:
        self.rooms = rooms
        self.gate: Gate
        self._invoker = invoker
        self._causes = causes

    def handle(self, request: HttpRequest, respond: Respond, claim: Claim, function: str) -> None:
        """``function`` is the path segment as it arrived."""
        rooms = self.rooms
        passage = Passage(request, respond, rooms.ids.uuid(), rooms.clock, rooms.calls)
        passage.service, passage.operation, passage.region = "lambda", "Invoke", claim.region
        passage.account_id = rooms.account_id

        def refuse(error: AwsError) -> HttpResponse:
            return wire.serialise_error("lambda", "Invoke", error, request, passage.request_id)

        try:
            self.gate.identify(passage, claim)
            if not set_out(rooms, self._causes, passage, "lambda"):
                return
            function = unquote(function)
            match = _QUALIFIER.search(request.query) if request.query else None
            qualifier = unquote(match[1]) if match else ""
            self._admit(passage, function, qualifier)
            call = self._call(passage, function, qualifier)
        except AwsError as error:
            passage.refuse(error, refuse)
        except InternalError as error:
            self.gate.defect(passage, error, refuse)
        else:
            passage.suffer(rooms.faults, refuse, lambda: self._invoke(passage, call, refuse))

    def parsed(self, passage: Passage, call: ParsedCall) -> None:
        """An Invoke operation that the gate has parsed, admitted and let go on."""

        def refuse(error: AwsError) -> HttpResponse:
            return wire.serialise_error("lambda", call.operation, error, passage.request, passage.request_id)

        params = call.params
        function, qualifier = str(params["FunctionName"]), str(params.get("Qualifier") or "")
        payload = passage.request.body
        if call.operation == "InvokeAsync":
            made = self._call(passage, function, qualifier, "Event", payload)
            self._invoker.invoke(made, self._done(passage, refuse, lambda _: invoke_answer.of_invoke_async(passage.request_id)))
        elif call.operation == "InvokeWithResponseStream":
            made = self._call(passage, function, qualifier, "", payload, stream=True)
            self._stream(passage, made, refuse)
        else:
            self._invoke(passage, self._call(passage, function, qualifier), refuse)

    # -- inside

    def _admit(self, passage: Passage, function: str, qualifier: str) -> None:
        request, principal = passage.request, passage.principal
        agent = request.folded().get("user-agent", "")
        caller = (principal.arn, principal.access_key_id, request.source_ip, agent, passage.way.by)
        key = (*caller, passage.region, function, qualifier)
        ruling = passage.ruling = self.rooms.admission.rule_invoke(
            function, qualifier, lambda: self.gate.site(request, principal, passage.account_id, passage.region, passage.way), key
        )
        if not ruling.allowed and ruling.check is not None and ruling.verdict is not None:
            passage.allowed = False
            raise denial("lambda", principal, ruling.check, ruling.verdict)
        if passage.way.endpoint is not None:
            params = {"FunctionName": function, **({"Qualifier": qualifier} if qualifier else {})}
            self.gate.pass_endpoint(passage, passage.way.endpoint, "lambda", "Invoke", params)

    def _call(
        self,
        passage: Passage,
        function: str,
        qualifier: str,
        kind: str | None = None,
        payload: bytes | None = None,
        *,
        stream: bool = False,
    ) -> Call:
        headers = passage.request.folded()
        given = headers.get("x-amz-invocation-type", "") if kind is None else kind
        invocation_type = _TYPES.get(given)
        if invocation_type is None:
            raise _not_in_enum(given, "invocationType", "[Event, RequestResponse, DryRun]")
        log_type = headers.get("x-amz-log-type", "None")
        if log_type not in ("None", "Tail"):
            raise _not_in_enum(log_type, "logType", "[None, Tail]")
        context = headers.get("x-amz-client-context", "")
        incoming = headers.get("x-amzn-trace-id", "")
        cause = self._causes.of(incoming)
        entry = self.rooms.timeline.add(
            "call", f"lambda:{passage.operation} {function}", cause=cause, principal=passage.principal.arn, type=invocation_type
        )
        trace = trace_header(incoming, self.rooms.ids, passage.started)
        self._causes.remember(trace, entry)
        passage.cause = entry
        return Call(
            passage.account_id,
            passage.region,
            function,
            passage.request.body if payload is None else payload,
            qualifier,
            invocation_type,
            log_type == "Tail",
            _client_context(context) if context else "",
            trace,
            "api",
            entry,
            stream,
            passage.request_id,
        )

    def _invoke(self, passage: Passage, call: Call, refuse: Callable[[AwsError], HttpResponse]) -> None:
        def answered(answer: Answer) -> HttpResponse:
            return invoke_answer.of_invoke(answer, passage.request_id, answer.trace_header or call.trace_header)

        self._invoker.invoke(call, self._done(passage, refuse, answered))

    def _done(
        self, passage: Passage, refuse: Callable[[AwsError], HttpResponse], answered: Callable[[Answer], HttpResponse]
    ) -> Done:
        def done(outcome: Answer | AwsError) -> None:
            if isinstance(outcome, AwsError):
                passage.refuse(outcome, refuse)
                return
            passage.error = outcome.error_type
            passage.answer(answered(outcome))

        return done

    def _stream(self, passage: Passage, call: Call, refuse: Callable[[AwsError], HttpResponse]) -> None:
        body = StreamedBody()
        begun = False

        def begin(version: str) -> None:
            nonlocal begun
            begun = True
            headers = [("Content-Type", MEDIA_TYPE), ("x-amzn-RequestId", passage.request_id)]
            headers.append(("X-Amz-Executed-Version", version))
            passage.answer(HttpResponse(200, headers, stream=body.attach))

        def chunk(data: bytes) -> None:
            if not begun:
                begin(call.qualifier or "$LATEST")
            body.chunk(invoke_answer.payload_chunk(data))

        def done(outcome: Answer | AwsError) -> None:
            if isinstance(outcome, AwsError):
                if begun:
                    body.end()
                else:
                    passage.refuse(outcome, refuse)
                return
            if not begun:
                passage.error = outcome.error_type
                begin(outcome.executed_version)
                if outcome.payload and not outcome.function_error:
                    body.chunk(invoke_answer.payload_chunk(outcome.payload))
            body.chunk(invoke_answer.invoke_complete(outcome))
            body.end()

        self._invoker.invoke(call, done, chunk)


def _client_context(encoded: str) -> str:
    try:
        text = base64.b64decode(encoded, validate=True).decode("utf-8")
        parsed: Any = json.loads(text)
    except (binascii.Error, ValueError) as error:
        raise _bad_context() from error
    if not isinstance(parsed, dict):
        raise _bad_context()
    return text


def _bad_context() -> AwsError:
    message = "Client context must be a valid Base64-encoded JSON object."
    return AwsError("InvalidRequestContentException", message, 400, fields={"Type": "User"})


def _not_in_enum(value: str, member: str, allowed: str) -> AwsError:
    message = (
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: {allowed}"
    )
    return AwsError("ValidationException", message, 400)
