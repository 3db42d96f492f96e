"""One request on its way through the gate: what is known of it so far, its injected fault, its answer, its record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.faults import Fault
from sandbox.front_door.admission import UNCHECKED, Ruling
from sandbox.http_message import HttpRequest, HttpResponse, Respond
from sandbox.iam.principal import Principal, anonymous
from sandbox.network.way import Way

Refuse = Callable[[AwsError], HttpResponse]


class FaultSource(Protocol):
    def match(
        self, service: str, operation: str, arns: tuple[str, ...], principal: Principal | str, cause: int = 0
    ) -> Fault | None: ...


class CallRecorder(Protocol):
    def add(
        self,
        at_ms: int,
        account_id: str,
        region: str,
        service: str,
        operation: str,
        principal: str,
        arns: tuple[str, ...] = ...,
        allowed: bool = ...,
        statement: str = ...,
        fault: str = ...,
        status: int = ...,
        error: str = ...,
        duration_ms: float = ...,
        request_id: str = ...,
        undecided: tuple[str, ...] = ...,
    ) -> int: ...


class CauseRecorder(Protocol):
    def add(self, kind: str, title: str, *, cause: int = 0, **detail: object) -> int: ...


class Passage:
    """Fields are filled in as the gate learns them; ``answer`` is called once and writes the record."""

    __slots__ = (
        "account_id", "allowed", "cause", "clock", "error", "fault", "log", "operation", "principal", "region", "request",
        "request_id", "respond", "ruling", "service", "started", "way",
    )  # fmt: skip

    def __init__(self, request: HttpRequest, respond: Respond, request_id: str, clock: Clock, log: CallRecorder) -> None:
        self.request = request
        self.respond = respond
        self.request_id = request_id
        self.clock = clock
        self.log = log
        self.started = clock.now()
        self.account_id = ""
        self.region = ""
        self.service = ""
        self.operation = ""
        self.principal: Principal = _NOBODY
        self.ruling: Ruling = UNCHECKED
        self.allowed = True
        self.fault = ""
        self.error = ""
        self.cause = 0
        self.way = _OPEN

    def suffer(self, faults: FaultSource, refuse: Refuse, go_on: Callable[[], None]) -> None:
        """Apply a matching fault: wait on the account's clock, fail, or both; without one ``go_on`` at once."""
        fault = faults.match(self.service, self.operation, self.ruling.arns, self.principal, self.cause)
        if fault is None:
            go_on()
            return
        self.fault = fault.rule

        def after() -> None:
            error = fault.error
            if error is None:
                go_on()
            else:
                self.refuse(error, refuse)

        if fault.latency_s > 0:
            self.clock.call_later(fault.latency_s, after, f"fault {fault.rule}")
        else:
            after()

    def refuse(self, error: AwsError, refuse: Refuse) -> None:
        self.error = error.code
        self.answer(refuse(error))

    def answer(self, response: HttpResponse) -> None:
        """The client first: writing the record down need not be waited for, and nothing can ask for it in between."""
        at = self.clock.now()
        self.respond(response)
        self.log.add(
            int(self.started * 1000),
            self.account_id,
            self.region,
            self.service,
            self.operation,
            self.principal.arn,
            self.ruling.arns,
            self.allowed,
            self.ruling.statement,
            self.fault,
            response.status,
            self.error or (code_of(response) if response.status >= 400 else ""),
            (at - self.started) * 1000,
            self.request_id,
            self.ruling.undecided,
        )


_NOBODY = anonymous()
_OPEN = Way()


_CODE = re.compile(rb'"__type"\s*:\s*"(?:[^"#]*#)?(?P<json>[^":]+)|<Code>(?P<xml>[^<]+)</Code>')


def code_of(response: HttpResponse) -> str:
    """The error code an answer carries, whichever protocol wrote it; empty when it carries none."""
    named = next((value for name, value in response.headers if name.lower() == "x-amzn-errortype"), "")
    if named:
        return named.split(":", 1)[0].rsplit("#", 1)[-1]
    match = _CODE.search(response.body[:4_096])
    return (match["json"] or match["xml"]).decode("utf-8", "replace") if match else ""
