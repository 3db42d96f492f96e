"""One attempt of a Task: the call as the machine's role, its time-outs, and callback tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Timer
from sandbox.delivery.errand import Outcome as CallOutcome
from sandbox.delivery.errand import in_role
from sandbox.errors import AwsError
from sandbox.workflows.execution import SUCCEEDED, Execution, shown
from sandbox.workflows.failure import HEARTBEAT, RUNTIME, TIMEOUT, Failure
from sandbox.workflows.integration import Resource, errand_for, failure_of, parse_resource, result_of
from sandbox.workflows.run import Outcome, Run, sized
from sandbox.workflows.scope import Scope

_DETAILS = {"truncated": False}


class TaskWork:
    """Implements ``run.Work`` and, with a token, ``run.Waiting``. ``branch.last`` is the history's last event of the branch."""

    def __init__(
        self,
        run: Run,
        branch: Any,
        state: Mapping[str, Any],
        name: str,
        scope: Scope,
        _more: Mapping[str, Any],
        told: Outcome,
    ) -> None:
        self._run = run
        self._branch = branch
        self._state = state
        self._name = name
        self._scope = scope
        self._told = told
        self._resource = parse_resource(str(state["Resource"]), lambda _service, _operation: True)
        self._token = ""
        self._timers: dict[str, Timer] = {}
        self._over = False

    def start(self) -> None:
        """Raises Failure where the parameters cannot be made."""
        run, resource, scope = self._run, self._resource, self._scope
        if resource.pattern == "waitForTaskToken":
            self._token = run.tokens.issue(self)
            scope = Scope(scope.data, {**scope.context, "Task": {"Token": self._token}}, scope.ids)
        given = scope.over(scope.selected(self._state.get("InputPath", "$")))
        params = given.filled(self._state["Parameters"]) if "Parameters" in self._state else given.data
        text = sized(params, self._name)
        timeout_s, heartbeat_s = self._seconds("Timeout", given), self._seconds("Heartbeat", given)
        self._scheduled(text, timeout_s, heartbeat_s)
        if timeout_s:
            self._timers["timeout"] = run.timer(timeout_s, self._timed_out, f"{self._name} times out")
        if heartbeat_s and self._token:
            self._watch(heartbeat_s)
        execution = run.execution
        entry = run.timeline.add("task", f"{self._name}: {resource.service}:{resource.action}", cause=execution.entry)
        sender = in_role(execution.machine.role_arn, execution.name[:32], "stepfunctions", entry)
        errand = errand_for(resource, params, sender, Arn.parse(execution.machine.arn), execution.arn)
        run.messenger.send(errand, self._answered)

    def cancel(self) -> None:
        self._over = True
        for timer in self._timers.values():
            timer.cancel()
        if self._token:
            self._run.tokens.withdraw(self._token)

    # -- callbacks of token holders

    def succeed(self, output: Any) -> None:
        self._succeeded(output)

    def fail(self, failure: Failure) -> None:
        self._failed(failure)

    def beat(self) -> None:
        self._watch(self._seconds("Heartbeat", self._scope))

    # -- inside

    def _answered(self, outcome: CallOutcome) -> None:
        if self._over:
            return
        resource = self._resource
        try:
            if isinstance(outcome, AwsError):
                raise failure_of(resource, outcome, self._run.modelled, self._run.ids.uuid())
            result = result_of(resource, outcome)
            if not resource.pattern:
                self._succeeded(result)
                return
            shown_result = sized(result, resource.function or resource.type_shown)
        except Failure as failure:
            self._failed(failure)
            return
        self._record("Submitted", output=shown_result, outputDetails=_DETAILS)
        if resource.pattern.startswith("sync"):
            self._run.ends.on_end(str(outcome["executionArn"]), self._child_ended)

    def _child_ended(self, child: Execution) -> None:
        if self._over:
            return
        described = _described(child, as_json=self._resource.pattern == "sync:2")
        if child.status == SUCCEEDED:
            self._succeeded(described)
        else:
            self._failed(Failure("States.TaskFailed", shown(described)))

    def _succeeded(self, result: Any) -> None:
        if self._over:
            return
        try:
            text = sized(result, self._resource.function or self._resource.type_shown)
        except Failure as failure:
            self._failed(failure)
            return
        self._record("Succeeded", output=text, outputDetails=_DETAILS)
        self._told(result)

    def _failed(self, failure: Failure) -> None:
        if self._over:
            return
        self._record("Failed", error=failure.error, cause=failure.cause)
        self._told(failure)

    def _timed_out(self, alias: str = "") -> None:
        """Recorded: the error of a missed heartbeat is States.Timeout too."""
        if self._over:
            return
        self._record("TimedOut", error=TIMEOUT)
        self._told(Failure(TIMEOUT, alias=alias))

    def _watch(self, seconds: float) -> None:
        if "heartbeat" in self._timers:
            self._timers["heartbeat"].cancel()
        if seconds:
            timer = self._run.timer(seconds, lambda: self._timed_out(HEARTBEAT), f"{self._name} heartbeat")
            self._timers["heartbeat"] = timer

    def _seconds(self, which: str, scope: Scope) -> float:
        path = self._state.get(f"{which}SecondsPath")
        value = scope.at(str(path)) if path else self._state.get(f"{which}Seconds", 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Failure(RUNTIME, f"The {which}SecondsPath parameter does not reference an integer.")
        return float(value)

    def _scheduled(self, text: str, timeout_s: float, heartbeat_s: float) -> None:
        more: dict[str, Any] = {"timeoutInSeconds": int(timeout_s)} if timeout_s else {}
        if heartbeat_s:
            more["heartbeatInSeconds"] = int(heartbeat_s)
        if self._resource.function:
            more.pop("heartbeatInSeconds", None)
            self._record("Scheduled", resource=self._resource.function, input=text, inputDetails=_DETAILS, **more)
        else:
            region = Arn.parse(self._run.execution.machine.arn).region
            self._record("Scheduled", region=region, parameters=text, **more)
        self._record("Started")

    def _record(self, what: str, **details: Any) -> None:
        resource: Resource = self._resource
        if resource.function:
            kind = f"LambdaFunction{what}"
        else:
            kind = f"Task{what}"
            details = {"resourceType": resource.type_shown, "resource": resource.resource_shown, **details}
        self._branch.last = self._run.record(kind, self._branch.last, **details)


def _described(child: Execution, *, as_json: bool) -> dict[str, Any]:
    """An execution as ``.sync`` gives it: output as text, or as JSON for ``.sync:2``."""

    def text(value: str) -> Any:
        return json.loads(value) if as_json and value else value

    found = {
        "ExecutionArn": child.arn,
        "Input": text(child.input),
        "InputDetails": {"Included": True},
        "Name": child.name,
        "StartDate": int(child.started * 1000),
        "StateMachineArn": child.machine.arn,
        "Status": child.status,
        "StopDate": int(child.stopped * 1000),
    }
    if child.status == SUCCEEDED:
        return found | {"Output": text(child.output), "OutputDetails": {"Included": True}}
    return found | {"Error": child.error, "Cause": child.cause}
