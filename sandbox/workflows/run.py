"""What all parts of a running execution share, and the border between a state's work and the branch it belongs to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox import facts
from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Messenger
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline
from sandbox.workflows.execution import Execution, moment, shown
from sandbox.workflows.failure import Failure
from sandbox.workflows.integration import Knows
from sandbox.workflows.scope import Scope

Outcome = Callable[[Any], None]
"""Hears a result, or a Failure."""


class Work(Protocol):
    """One attempt at a state: answers its ``Outcome`` once, unless it is cancelled before."""

    def start(self) -> None: ...

    def cancel(self) -> None: ...


class Tokens(Protocol):
    """Tasks that wait for SendTaskSuccess and its sisters."""

    def issue(self, waiting: Waiting) -> str: ...

    def withdraw(self, token: str) -> None: ...


class Waiting(Protocol):
    def succeed(self, output: Any) -> None: ...

    def fail(self, failure: Failure) -> None: ...

    def beat(self) -> None: ...


class Ends(Protocol):
    """Who wants to know when an execution ends (``.sync``)."""

    def on_end(self, execution_arn: str, told: Callable[[Execution], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Run:
    execution: Execution
    clock: Clock
    ids: Ids
    messenger: Messenger
    timeline: Timeline
    tokens: Tokens
    ends: Ends
    modelled: Knows  # whether a service models an error of this name

    def record(self, kind: str, previous: int, **details: Any) -> int:
        return self.execution.record(self.clock.now(), kind, previous, **details)

    def scope(self, data: Any, state: str, more: Mapping[str, Any]) -> Scope:
        """The context object of a state (guide, "input-output-contextobject")."""
        execution = self.execution
        context = {
            "Execution": {
                "Id": execution.arn,
                "Input": json.loads(execution.input),
                "Name": execution.name,
                "RoleArn": execution.machine.role_arn,
                "StartTime": _stamp(execution.started),
            },
            "StateMachine": {"Id": execution.machine.arn, "Name": execution.machine.name},
            "State": {"Name": state, "EnteredTime": _stamp(self.clock.now()), "RetryCount": 0},
            **more,
        }
        return Scope(data, context, self.ids)

    def timer(self, seconds: float, action: Callable[[], None], what: str) -> Timer:
        return self.clock.call_later(seconds, action, f"{self.execution.name}: {what}")


def sized(value: Any, what: str) -> str:
    """The value as JSON; raises Failure(States.DataLimitExceeded) above 256 KiB (fact X-12)."""
    text = shown(value)
    if len(text.encode()) > facts.limit("workflow_payload_bytes"):
        cause = f"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
        raise Failure("States.DataLimitExceeded", cause)
    return text


def _stamp(at: float) -> str:
    return moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
