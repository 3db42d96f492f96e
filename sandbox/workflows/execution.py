"""One execution of a state machine: what DescribeExecution and GetExecutionHistory tell of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox import facts

RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine, version or alias at the moment it was started. ``definition`` has been checked."""

    arn: str
    name: str
    role_arn: str
    kind: str
    definition: Mapping[str, Any]
    version_arn: str = ""
    alias_arn: str = ""


@dataclass(slots=True)
class Execution:
    """``started`` and ``stopped`` are epoch seconds; ``output`` is JSON text."""

    arn: str
    name: str
    machine: Machine
    input: str
    started: float
    status: str = RUNNING
    stopped: float = 0.0
    output: str = ""
    error: str = ""
    cause: str = ""
    entry: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    steps: int = 0

    @property
    def full(self) -> bool:
        """Whether there is no room for another state (fact X-12: 25,000 events)."""
        return self.steps >= facts.limit("workflow_events") - 2

    def record(self, now: float, kind: str, previous: int, **details: Any) -> int:
        """Adds an event and gives its id. Express executions count their steps and keep no history."""
        self.steps += 1
        if self.machine.kind == "EXPRESS":
            return self.steps
        event: dict[str, Any] = {
            "timestamp": moment(now),
            "type": kind,
            "id": self.steps,
            "previousEventId": previous,
        }
        if details:
            event[_key(kind)] = details
        self.events.append(event)
        return self.steps


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def shown(value: Any) -> str:
    """JSON as Step Functions writes inputs and outputs."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _key(kind: str) -> str:
    """The member of a history event that holds its details."""
    if kind.endswith("StateEntered"):
        return "stateEnteredEventDetails"
    if kind.endswith("StateExited"):
        return "stateExitedEventDetails"
    return f"{kind[:1].lower()}{kind[1:]}EventDetails"
