"""States made of branches: Parallel runs different ones side by side, Map one for each item. A failure stops the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import facts
from sandbox.workflows.failure import RUNTIME, Failure
from sandbox.workflows.run import Outcome, Run
from sandbox.workflows.scope import Scope


class ParallelWork:
    """Implements ``run.Work``; the result is the list of the branches' outputs."""

    def __init__(
        self,
        run: Run,
        branch: Any,
        state: Mapping[str, Any],
        name: str,
        scope: Scope,
        more: Mapping[str, Any],
        told: Outcome,
    ) -> None:
        self._run = run
        self._branch = branch
        self._state = state
        self._name = name
        self._scope = scope
        self._more = more
        self._told = told
        self._over = False
        self._children: dict[int, Any] = {}
        self._results: dict[int, Any] = {}

    def start(self) -> None:
        scope = self._scope.over(self._scope.selected(self._state.get("InputPath", "$")))
        data = scope.filled(self._state["Parameters"]) if "Parameters" in self._state else scope.data
        started = self._branch.last = self._run.record("ParallelStateStarted", self._branch.last)
        machines = list(self._state["Branches"])
        for number, machine in enumerate(machines):
            if not self._over:
                self._begin(number, machine, started, len(machines), data)

    def cancel(self) -> None:
        self._over = True
        for child in self._children.values():
            child.cancel()

    def _begin(self, number: int, machine: Mapping[str, Any], previous: int, count: int, data: Any) -> None:
        def told(outcome: Any) -> None:
            if self._over:
                return
            self._branch.last = child.last
            if isinstance(outcome, Failure):
                self._branch.last = self._run.record("ParallelStateFailed", child.last, error=outcome.error, cause=outcome.cause)
                self._told(outcome)
                return
            self._results[number] = outcome
            if len(self._results) == count:
                self._branch.last = self._run.record("ParallelStateSucceeded", child.last)
                self._told([self._results[each] for each in range(count)])

        child = type(self._branch)(self._run, machine, self._more, previous, told)
        self._children[number] = child
        child.start(data)


class MapWork:
    """Implements ``run.Work``: an inline Map; at most MaxConcurrency iterations at once, 40 when it says nothing (fact X-13)."""

    def __init__(
        self,
        run: Run,
        branch: Any,
        state: Mapping[str, Any],
        name: str,
        scope: Scope,
        more: Mapping[str, Any],
        told: Outcome,
    ) -> None:
        self._run = run
        self._branch = branch
        self._state = state
        self._name = name
        self._scope = scope
        self._more = more
        self._told = told
        self._over = False
        self._children: dict[int, Any] = {}
        self._results: dict[int, Any] = {}
        self._items: list[Any] = []
        self._started = 0
        self._first = 0  # the history's event that the first iterations follow
        self._beginning = False

    def start(self) -> None:
        self._scope = self._scope.over(self._scope.selected(self._state.get("InputPath", "$")))
        items = self._scope.at(str(self._state.get("ItemsPath", "$")))
        if not isinstance(items, list):
            raise Failure(RUNTIME, "Reference path must point to array.")
        self._items = items
        self._first = self._branch.last = self._run.record("MapStateStarted", self._branch.last, length=len(items))
        if not items:
            self._succeed()
        self._fill()

    def cancel(self) -> None:
        self._over = True
        for child in self._children.values():
            child.cancel()

    def _fill(self) -> None:
        """Begin iterations while there is room; iterations that need no time come back here, not deeper."""
        if self._beginning:
            return
        self._beginning = True
        try:
            most = self._most()
            while not self._over and self._started < len(self._items) and len(self._children) < most:
                self._begin(self._started)
        except Failure as failure:
            self._told(failure)
        finally:
            self._beginning = False

    def _most(self) -> int:
        wanted = self._state.get("MaxConcurrency", 0)
        if "MaxConcurrencyPath" in self._state:
            wanted = self._scope.at(str(self._state["MaxConcurrencyPath"]))
        return min(int(wanted) or facts.limit("map_concurrency"), facts.limit("map_concurrency"))

    def _begin(self, number: int) -> None:
        self._started += 1
        item = self._items[number]
        more = {**self._more, "Map": {"Item": {"Index": number, "Value": item}}}
        selector = self._state.get("ItemSelector", self._state.get("Parameters"))
        data = item
        if selector is not None:
            data = Scope(self._scope.data, {**self._scope.context, **more}, self._scope.ids).filled(selector)
        where = {"name": self._name, "index": number}
        after = self._first if number < self._most() else self._branch.last
        previous = self._run.record("MapIterationStarted", after, **where)

        def told(outcome: Any) -> None:
            if self._over:
                return
            self._children.pop(number, None)
            if isinstance(outcome, Failure):
                failed = self._run.record("MapIterationFailed", child.last, **where)
                self._branch.last = self._run.record("MapStateFailed", failed, error=outcome.error, cause=outcome.cause)
                self._told(outcome)
                return
            self._branch.last = self._run.record("MapIterationSucceeded", child.last, **where)
            self._results[number] = outcome
            if len(self._results) == len(self._items):
                self._succeed()
            else:
                self._fill()

        processor = self._state.get("ItemProcessor") or self._state["Iterator"]
        child = type(self._branch)(self._run, processor, more, previous, told)
        self._children[number] = child
        child.start(data)

    def _succeed(self) -> None:
        self._branch.last = self._run.record("MapStateSucceeded", self._branch.last)
        self._told([self._results[each] for each in range(len(self._items))])
