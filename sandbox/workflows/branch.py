"""A branch: states one after another, from StartAt to an end. An execution is one; Parallel and Map have branches of their own.

Input and output go through InputPath, Parameters, ResultSelector, ResultPath and OutputPath in this order; ResultPath is
relative to the raw input (Amazon States Language, "Input and Output Processing").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.clock import Timer
from sandbox.workflows import choice
from sandbox.workflows.execution import shown
from sandbox.workflows.failure import RUNTIME, Failure
from sandbox.workflows.fanout import MapWork, ParallelWork
from sandbox.workflows.retry import Retries, catcher_for
from sandbox.workflows.run import Outcome, Run, Work, sized
from sandbox.workflows.scope import Scope, placed
from sandbox.workflows.task import TaskWork

_DETAILS = {"truncated": False}


class Branch:
    """``told`` hears the output of the last state or the Failure nobody caught. ``more`` is added to the context object."""

    def __init__(self, run: Run, machine: Mapping[str, Any], more: Mapping[str, Any], previous: int, told: Outcome) -> None:
        self.last = previous
        self._run = run
        self._machine = machine
        self._more = more
        self._told = told
        self._over = False
        self._next: tuple[str, Any] | None = None
        self._stepping = False
        self._work: Work | None = None
        self._timer: Timer | None = None
        self._name = ""
        self._scope: Scope = run.scope(None, "", more)
        self._retries = Retries({}, run.ids)

    def start(self, data: Any) -> None:
        self._go(str(self._machine["StartAt"]), data)

    def cancel(self) -> None:
        self._over = True
        self._stop_work()

    # -- stepping: a loop, so that thousands of states that need no time do not pile up on the stack

    def _go(self, name: str, data: Any) -> None:
        self._next = (name, data)
        if self._stepping:
            return
        self._stepping = True
        try:
            while self._next is not None and not self._over:
                name, data = self._next
                self._next = None
                self._enter(name, data)
        finally:
            self._stepping = False

    def _enter(self, name: str, data: Any) -> None:
        run, state = self._run, self._machine["States"][name]
        if run.execution.full:
            cause = "The execution reached the maximum number of history events (25000)."
            self._end(Failure(RUNTIME, cause))
            return
        self._name = name
        self._scope = run.scope(data, name, self._more)
        self._retries = Retries(state, run.ids)
        self.last = run.record(f"{state['Type']}StateEntered", self.last, name=name, input=shown(data), inputDetails=_DETAILS)
        try:
            self._execute(state)
        except Failure as failure:
            self._failed(failure)

    def _execute(self, state: Mapping[str, Any]) -> None:
        kind = state["Type"]
        if kind in ("Task", "Parallel", "Map"):
            self._attempt()
        elif kind == "Pass":
            self._done(state.get("Result", self._given(state).data))
        elif kind == "Choice":
            scope = self._selected(state)
            self._exit(scope.selected(state.get("OutputPath", "$")), choice.following(state, scope))
        elif kind == "Wait":
            self._wait(state)
        elif kind == "Succeed":
            self._exit(self._selected(state).selected(state.get("OutputPath", "$")), "")
        else:
            raise Failure(self._text(state, "Error"), self._text(state, "Cause"))

    def _text(self, state: Mapping[str, Any], field: str) -> str:
        if f"{field}Path" in state:
            return str(self._scope.value(str(state[f"{field}Path"])))
        return str(state.get(field, ""))

    def _given(self, state: Mapping[str, Any]) -> Scope:
        """The state's input after InputPath and Parameters."""
        scope = self._selected(state)
        return scope.over(scope.filled(state["Parameters"])) if "Parameters" in state else scope

    def _selected(self, state: Mapping[str, Any]) -> Scope:
        return self._scope.over(self._scope.selected(state.get("InputPath", "$")))

    def _wait(self, state: Mapping[str, Any]) -> None:
        scope, now = self._selected(state), self._run.clock.now()
        if "Seconds" in state or "SecondsPath" in state:
            seconds = scope.at(str(state["SecondsPath"])) if "SecondsPath" in state else state["Seconds"]
            if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
                raise Failure(RUNTIME, "The SecondsPath parameter does not reference an integer greater than or equal to 0.")
            until = now + float(seconds)
        else:
            text = scope.at(str(state["TimestampPath"])) if "TimestampPath" in state else state["Timestamp"]
            try:
                until = datetime.fromisoformat(str(text)).timestamp()
            except ValueError:
                raise Failure(RUNTIME, f"The Timestamp parameter {text} is not a timestamp.") from None
        output = scope.selected(state.get("OutputPath", "$"))
        self._timer = self._run.timer(max(0.0, until - now), lambda: self._exit(output, str(state.get("Next", ""))), self._name)

    # -- work that can fail, be retried and caught

    def _attempt(self) -> None:
        self._timer = None
        state, makers = self._machine["States"][self._name], {"Task": TaskWork, "Parallel": ParallelWork, "Map": MapWork}
        context = {**self._scope.context, "State": {**self._scope.context["State"], "RetryCount": self._retries.total}}
        scope = Scope(self._scope.data, context, self._run.ids)
        ended = False

        def told(outcome: Any) -> None:
            nonlocal ended
            if ended or self._over:
                return
            ended = True
            self._stop_work()
            self._answered(outcome)

        maker: Any = makers[state["Type"]]
        work: Work = maker(self._run, self, state, self._name, scope, self._more, told)
        self._work = work
        work.start()

    def _answered(self, outcome: Any) -> None:
        try:
            if isinstance(outcome, Failure):
                raise outcome
            sized(outcome, self._name)
            self._done(outcome)
        except Failure as failure:
            self._failed(failure)

    def _failed(self, failure: Failure) -> None:
        self._stop_work()
        state = self._machine["States"][self._name]
        wait_s = self._retries.wait(failure)
        if wait_s is not None:
            title = f"Retry in {wait_s:g} s: state {self._name} ({failure.error})"
            self._run.timeline.add("retry", title, cause=self._run.execution.entry, execution=self._run.execution.arn)
            self._timer = self._run.timer(wait_s, self._again, f"retry {self._name}")
            return
        catcher = catcher_for(state, failure)
        if catcher is None:
            self._end(failure)
            return
        output = {"Error": failure.error, "Cause": failure.cause}
        try:
            self._exit(placed(catcher, self._scope.data, output), str(catcher["Next"]))
        except Failure as later:
            self._end(later)

    def _again(self) -> None:
        if self._over:
            return
        try:
            self._attempt()
        except Failure as failure:
            self._failed(failure)

    # -- leaving

    def _done(self, result: Any) -> None:
        state = self._machine["States"][self._name]
        if "ResultSelector" in state:
            result = self._scope.over(result).filled(state["ResultSelector"])
        output = self._scope.over(placed(state, self._scope.data, result)).selected(state.get("OutputPath", "$"))
        self._exit(output, str(state.get("Next", "")))

    def _exit(self, output: Any, following: str) -> None:
        if self._over:
            return
        self._timer = None
        text = sized(output, self._name)
        kind = self._machine["States"][self._name]["Type"]
        self.last = self._run.record(f"{kind}StateExited", self.last, name=self._name, output=text, outputDetails=_DETAILS)
        if following:
            self._go(following, output)
        else:
            self._end(output)

    def _end(self, outcome: Any) -> None:
        self._over = True
        self._next = None
        self._told(outcome)

    def _stop_work(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._work is not None:
            work, self._work = self._work, None
            work.cancel()
