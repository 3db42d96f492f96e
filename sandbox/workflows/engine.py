"""Executions: started, watched, ended; callback tokens; what is kept of them.

A standard execution may run for a year and keeps its history; an express one has five minutes and keeps none (fact X-12).
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sandbox import facts
from sandbox.arn import Arn
from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Messenger
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.balance import Balance
from sandbox.telemetry.timeline import Timeline
from sandbox.workflows.branch import Branch
from sandbox.workflows.execution import ABORTED, FAILED, RUNNING, SUCCEEDED, TIMED_OUT, Execution, Machine, shown
from sandbox.workflows.failure import TIMEOUT, Failure
from sandbox.workflows.integration import Knows
from sandbox.workflows.run import Run, Waiting

EXECUTIONS_MAX = 10_000  # kept; the oldest that have ended go first
_TOKENS_KEPT = 10_000
_METRICS = {
    SUCCEEDED: "ExecutionsSucceeded",
    FAILED: "ExecutionsFailed",
    TIMED_OUT: "ExecutionsTimedOut",
    ABORTED: "ExecutionsAborted",
}

Told = Callable[[Execution], None]
Count = Callable[[Execution, str, float], None]
"""An execution, a metric of its machine, and the value."""


class Engine:
    """``count`` keeps metrics, ``changed`` hears every change of status of standard executions (events on the bus)."""

    def __init__(
        self, messenger: Messenger, clock: Clock, ids: Ids, timeline: Timeline, modelled: Knows, count: Count, changed: Told
    ) -> None:
        self.books = Balance("state machine executions")
        self.executions: dict[str, Execution] = {}
        self._messenger = messenger
        self._clock = clock
        self._ids = ids
        self._timeline = timeline
        self._modelled = modelled
        self._count = count
        self._changed = changed
        self._branches: dict[str, Branch] = {}
        self._timers: dict[str, Timer] = {}
        self._watchers: dict[str, list[Told]] = defaultdict(list)
        self._tokens: dict[str, Waiting] = {}
        self._withdrawn: dict[str, None] = {}

    def start(self, machine: Machine, name: str, text: str, cause: int) -> Execution:
        """The execution begins after the call under way. ``text`` is the input, JSON that has been checked."""
        self._make_room()
        execution = Execution(self._arn(machine, name), name, machine, text, self._clock.now())
        execution.entry = self._timeline.add("workflow", f"{machine.name} started", cause=cause, execution=execution.arn)
        self.executions[execution.arn] = execution
        self.books.accepted += 1
        self._count(execution, "ExecutionsStarted", 1.0)
        details = {"input": text, "inputDetails": {"truncated": False}, "roleArn": machine.role_arn}
        execution.record(self._clock.now(), "ExecutionStarted", 0, **details)
        self._tell(execution)
        run = Run(execution, self._clock, self._ids, self._messenger, self._timeline, self, self, self._modelled)
        branch = Branch(run, machine.definition, {}, 0, lambda outcome: self._ended(execution, outcome))
        self._branches[execution.arn] = branch
        self._clock.call_later(0.0, lambda: self._begin(execution, branch), f"start {name}")
        return execution

    def stop(self, execution: Execution, error: str, cause: str) -> None:
        """Does nothing to an execution that has ended."""
        self._close(execution, ABORTED, "ExecutionAborted", error=error, cause=cause)

    def on_end(self, execution_arn: str, told: Told) -> None:
        execution = self.executions.get(execution_arn)
        if execution is not None and execution.status != RUNNING:
            told(execution)
        else:
            self._watchers[execution_arn].append(told)

    @property
    def running(self) -> int:
        return len(self._branches)

    def clear(self) -> None:
        for branch in self._branches.values():
            branch.cancel()
        for timer in self._timers.values():
            timer.cancel()
        for held in (self.executions, self._branches, self._timers, self._watchers, self._tokens, self._withdrawn):
            held.clear()
        self.books.clear()

    # -- callback tokens

    def issue(self, waiting: Waiting) -> str:
        token = base64.b64encode(f"AQ{self._ids.hex(96)}{self._ids.hex(96)}".encode()).decode()
        self._tokens[token] = waiting
        return token

    def withdraw(self, token: str) -> None:
        if self._tokens.pop(token, None) is not None:
            self._withdrawn[token] = None
            while len(self._withdrawn) > _TOKENS_KEPT:
                del self._withdrawn[next(iter(self._withdrawn))]

    def waiting(self, token: str) -> Waiting:
        """The task that waits for this token; raises AwsError."""
        if token in self._withdrawn:
            raise AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        found = self._tokens.get(token)
        if found is None:
            raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
        return found

    # -- inside

    def _begin(self, execution: Execution, branch: Branch) -> None:
        if execution.status != RUNNING:
            return
        seconds = execution.machine.definition.get("TimeoutSeconds")
        if execution.machine.kind == "EXPRESS":
            seconds = min(float(seconds or facts.limit("workflow_express_s")), facts.limit("workflow_express_s"))
        if seconds:
            expire = self._clock.call_later(float(seconds), lambda: self._expire(execution), f"{execution.name} times out")
            self._timers[execution.arn] = expire
        branch.start(json.loads(execution.input))

    def _expire(self, execution: Execution) -> None:
        self._close(execution, TIMED_OUT, "ExecutionTimedOut", error=TIMEOUT if execution.machine.kind == "EXPRESS" else "")

    def _ended(self, execution: Execution, outcome: Any) -> None:
        if isinstance(outcome, Failure):
            self._close(execution, FAILED, "ExecutionFailed", error=outcome.error, cause=outcome.cause)
        else:
            execution.output = shown(outcome)
            self._close(execution, SUCCEEDED, "ExecutionSucceeded")

    def _close(self, execution: Execution, status: str, event: str, *, error: str = "", cause: str = "") -> None:
        branch = self._branches.pop(execution.arn, None)
        if branch is None or execution.status != RUNNING:
            return
        execution.status, execution.stopped = status, self._clock.now()
        execution.error, execution.cause = error, cause
        details: dict[str, Any] = {name: value for name, value in (("error", error), ("cause", cause)) if value}
        if status == SUCCEEDED:
            details = {"output": execution.output, "outputDetails": {"truncated": False}}
            self.books.processed += 1
        else:
            self.books.dropped[status] += 1
        execution.record(self._clock.now(), event, branch.last, **details)
        branch.cancel()
        timer = self._timers.pop(execution.arn, None)
        if timer is not None:
            timer.cancel()
        why = f" ({error})" if error else ""
        title = f"{execution.machine.name} {status.lower().replace('_', ' ')}{why}"
        self._timeline.add("workflow", title, cause=execution.entry, execution=execution.arn, reason=cause)
        self._count(execution, _METRICS[status], 1.0)
        self._count(execution, "ExecutionTime", (execution.stopped - execution.started) * 1000)
        self._tell(execution)
        for told in self._watchers.pop(execution.arn, ()):
            told(execution)

    def _tell(self, execution: Execution) -> None:
        if execution.machine.kind != "EXPRESS":
            self._changed(execution)

    def _arn(self, machine: Machine, name: str) -> str:
        where = Arn.parse(machine.arn)
        base = f"arn:aws:states:{where.region}:{where.account}"
        if machine.kind == "EXPRESS":
            return f"{base}:express:{machine.name}:{name}:{self._ids.uuid()}"
        return f"{base}:execution:{machine.name}:{name}"

    def _make_room(self) -> None:
        if len(self.executions) >= EXECUTIONS_MAX:
            oldest = next((arn for arn, each in self.executions.items() if each.status != RUNNING), None)
            if oldest is None:
                raise AwsError("ExecutionLimitExceeded", "The maximum number of running executions has been reached.")
            del self.executions[oldest]
