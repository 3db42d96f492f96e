"""Calls that AWS makes by itself, by the rules of the one gate: may this service or role → injected fault → do it → record it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from sandbox.control_plane import outgoing, wire
from sandbox.delivery.errand import Done, Errand, Outcome
from sandbox.errors import AwsError, InternalError
from sandbox.front_door.admission import UNCHECKED
from sandbox.front_door.causes import Causes, trace_header
from sandbox.front_door.gate import Rooms
from sandbox.functions.api import ApiCaller
from sandbox.http_message import HttpResponse
from sandbox.iam.denial import denial
from sandbox.iam.operations import CallSite, checks_for
from sandbox.iam.verdict import Check, ContextValue
from sandbox.invocation.call import Answer, Call
from sandbox.invocation.invoke import Invoker
from sandbox.invocation.lineage import inherited

log = logging.getLogger(__name__)

_NOT_SENT = "aws:SourceIp"  # a service calls from inside AWS (IAM guide, "aws:SourceIp")


class Errands:
    """Implements delivery's ``Messenger``."""

    def __init__(self, rooms: Rooms, invoker: Invoker, causes: Causes) -> None:
        self._rooms = rooms
        self._invoker = invoker
        self._causes = causes

    def may(self, errand: Errand) -> AwsError | None:
        """The refusal this errand would meet, without doing it: what S3 asks before it takes a configuration."""
        try:
            ruling = self._rooms.admission.decide(errand.principal, self._checks(errand))
        except InternalError as error:
            return AwsError("InternalError", str(error), 500)
        if ruling.allowed or ruling.check is None or ruling.verdict is None:
            return None
        return denial(errand.service, errand.principal, ruling.check, ruling.verdict)

    def send(self, errand: Errand, done: Done) -> None:
        """Never raises; ``done`` is called once."""
        _Journey(self._rooms, errand, done).begin(self._checks, self._do)

    def _checks(self, errand: Errand) -> list[Check]:
        where = CallSite(
            account_id=errand.account_id,
            region=errand.region,
            principal=errand.principal,
            now=self._rooms.clock.now(),
            find=partial(self._rooms.find, errand.account_id, errand.region),
        )
        if errand.service == "lambda" and errand.operation == "Invoke":
            params = {key: value for key, value in errand.params.items() if key != "Payload"}
            checks = checks_for("lambda", "Invoke", params, where)
        else:
            checks = checks_for(errand.service, errand.operation, errand.params, where)
        return [replace(check, context=_context(check, errand)) for check in checks]

    def _do(self, journey: _Journey) -> None:
        errand = journey.errand
        if errand.service != "lambda":
            self._call_service(journey)
        elif errand.operation == "Invoke":
            self._invoke(journey)
        else:
            caller = ApiCaller(errand.account_id, errand.region, errand.principal)
            journey.end(self._rooms.lambda_api.handle(errand.operation, dict(errand.params), caller))

    def _call_service(self, journey: _Journey) -> None:
        errand = journey.errand
        source = errand.principal.arn if errand.principal.kind == "service" else ""
        request = outgoing.request_of(errand.service, errand.operation, errand.params, errand.region, source)
        call = wire.parse(errand.service, request)

        def answered(response: HttpResponse) -> None:
            journey.end(outgoing.result_of(errand.service, errand.operation, response))

        self._rooms.services.handle(
            call, request, errand.account_id, errand.region, answered, principal=errand.principal, cause=errand.cause
        )

    def _invoke(self, journey: _Journey) -> None:
        errand, params = journey.errand, journey.errand.params
        fresh = trace_header(str(params.get("TraceHeader") or ""), self._rooms.ids, self._rooms.clock.now())
        trace = inherited(fresh, errand.trace)
        self._causes.remember(trace, errand.cause)
        call = Call(
            errand.account_id,
            errand.region,
            str(params["FunctionName"]),
            bytes(params.get("Payload") or b""),
            str(params.get("Qualifier") or ""),
            params.get("InvocationType") or "RequestResponse",
            params.get("LogType") == "Tail",
            trace_header=trace,
            source=errand.source,
            cause=errand.cause,
        )

        def answered(answer: Answer | AwsError) -> None:
            journey.end(answer if isinstance(answer, AwsError) else _invoke_result(answer))

        self._invoker.invoke(call, answered)


class _Journey:
    """One errand under way, and its record."""

    __slots__ = ("_done", "_fault", "_rooms", "_ruling", "_started", "errand")

    def __init__(self, rooms: Rooms, errand: Errand, done: Done) -> None:
        self._rooms = rooms
        self.errand = errand
        self._done = done
        self._started = rooms.clock.now()
        self._ruling = UNCHECKED
        self._fault = ""

    def begin(self, checks_of: _ChecksOf, do: _Do) -> None:
        errand = self.errand
        try:
            ruling = self._rooms.admission.decide(errand.principal, checks_of(errand))
        except InternalError as error:
            self._broken(error)
            return
        self._ruling = ruling
        if not ruling.allowed and ruling.check is not None and ruling.verdict is not None:
            self.end(denial(errand.service, errand.principal, ruling.check, ruling.verdict), allowed=False)
            return
        fault = self._rooms.faults.match(errand.service, errand.operation, ruling.arns, errand.principal, errand.cause)
        if fault is None:
            self._go_on(do)
            return
        self._fault = fault.rule
        injected = fault.error

        def after() -> None:
            if injected is None:
                self._go_on(do)
            else:
                self.end(injected)

        if fault.latency_s > 0:
            self._rooms.clock.call_later(fault.latency_s, after, f"fault {fault.rule}")
        else:
            after()

    def _go_on(self, do: _Do) -> None:
        try:
            do(self)
        except AwsError as error:
            self.end(error)
        except InternalError as error:
            self._broken(error)

    def _broken(self, error: InternalError) -> None:
        log.error("errand %s:%s: %s", self.errand.service, self.errand.operation, error)
        self.end(AwsError("InternalError", str(error), 500))

    def end(self, outcome: Outcome, *, allowed: bool = True) -> None:
        errand, now = self.errand, self._rooms.clock.now()
        self._rooms.calls.add(
            int(self._started * 1000),
            errand.account_id,
            errand.region,
            errand.service,
            errand.operation,
            errand.principal.arn,
            self._ruling.arns,
            allowed,
            self._ruling.statement,
            self._fault,
            outcome.status if isinstance(outcome, AwsError) else int(outcome.get("StatusCode", 200)),
            outcome.code if isinstance(outcome, AwsError) else "",
            (now - self._started) * 1000,
            self._rooms.ids.uuid(),
            self._ruling.undecided,
        )
        self._done(outcome)


_ChecksOf = Callable[[Errand], list[Check]]
_Do = Callable[[_Journey], None]


def _context(check: Check, errand: Errand) -> dict[str, ContextValue]:
    return {key: value for key, value in check.context.items() if key != _NOT_SENT} | dict(errand.context)


def _invoke_result(answer: Answer) -> dict[str, Any]:
    """Invoke's output shape, with the ``RequestId`` and ``ErrorType`` that botocore would leave in the headers."""
    result: dict[str, Any] = {"StatusCode": answer.status, "Payload": answer.payload, "RequestId": answer.request_id}
    if answer.function_error:
        result |= {"FunctionError": answer.function_error, "ErrorType": answer.error_type}
    if answer.executed_version:
        result["ExecutedVersion"] = answer.executed_version
    return result
