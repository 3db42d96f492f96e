"""API Gateway calling a function: as the service with the API's ARN as source, or in the role an integration names.

Permissions, faults, the call log and the timeline are those of every errand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Messenger, as_service, in_role
from sandbox.errors import AwsError
from sandbox.front_door.api_gateway_visit import Visit

_IN_URI = re.compile(r"^arn:[\w-]+:apigateway:[\w-]+:lambda:path//?2015-03-31/functions/(.+)/invocations$")
_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")

Result = bytes | AwsError
Done = Callable[[Result], None]


class TimedOut(AwsError):
    """The function took longer than the integration waits; it runs on, its answer is lost."""

    def __init__(self) -> None:
        super().__init__("IntegrationTimeout", "Endpoint request timed out", 504)


class FunctionFailed(AwsError):
    """The function ran and failed."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("IntegrationFailure", payload.decode("utf-8", "replace"), 502)
        self.payload = payload


def with_variables(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: str(variables.get(match[1], "")), text)


def function_of(uri: str, variables: Mapping[str, str]) -> str:
    """The function's ARN in an integration's URI, stage variables filled in; empty when it names none."""
    text = with_variables(uri, variables)
    match = _IN_URI.match(text)
    arn = match[1] if match else text
    return arn if arn.startswith("arn:") and ":lambda:" in arn and ":function:" in arn else ""


class LambdaCaller:
    def __init__(self, messenger: Messenger, clock: Clock) -> None:
        self._messenger = messenger
        self._clock = clock

    def call(
        self,
        visit: Visit,
        function: str,
        payload: bytes,
        timeout_s: float,
        done: Done,
        *,
        role: str = "",
        source_arn: str = "",
        event: bool = False,
    ) -> None:
        """``done`` is called once: with the payload, ``TimedOut``, ``FunctionFailed`` or what Lambda refused."""
        errand = self._errand(visit, function, payload, role, source_arn or visit.source_arn, event)
        if errand is None:
            done(AwsError("ResourceNotFoundException", f"{function!r} is no function", 404))
            return
        open_, deadline = True, self._clock.now() + timeout_s

        def finish(result: Result) -> None:
            nonlocal open_
            if open_:
                open_ = False
                timer.cancel()
                done(result)

        def answered(outcome: Mapping[str, Any] | AwsError) -> None:
            if self._clock.now() > deadline:  # a function run inline moves virtual time past timers that had no turn
                finish(TimedOut())
            elif isinstance(outcome, AwsError):
                finish(outcome)
            elif outcome.get("FunctionError"):
                visit.passage.error = str(outcome.get("ErrorType") or "")
                finish(FunctionFailed(bytes(outcome["Payload"])))
            else:
                finish(bytes(outcome.get("Payload") or b""))

        timer = self._clock.call_later(timeout_s, lambda: finish(TimedOut()), "an API's integration timeout")
        self._messenger.send(errand, answered)

    def _errand(self, visit: Visit, function: str, payload: bytes, role: str, source_arn: str, event: bool) -> Errand | None:
        try:
            where = Arn.parse(function)
        except ValueError:
            return None
        sender = (
            in_role(role, "BackplaneAssumeRoleSession", "apigateway", visit.passage.cause)
            if role
            else as_service("apigateway.amazonaws.com", source_arn, visit.account_id, "apigateway", visit.passage.cause)
        )
        params = {
            "FunctionName": function,
            "InvocationType": "Event" if event else "RequestResponse",
            "Payload": payload,
            "TraceHeader": visit.trace,
        }
        return Errand(
            sender.principal,
            "lambda",
            "Invoke",
            params,
            where.account,
            where.region,
            sender.context,
            sender.source,
            sender.cause,
        )
