"""A replay: the archived events of a stretch of time once more, with its name, to the rules of the bus they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.event_rule import BusState
from sandbox.triggers.eventbridge import EventBridge

State = Callable[[str, float | None], None]
"""Name of the replay's new state, and the time of the last event that was replayed."""


@dataclass(frozen=True, slots=True)
class Replay:
    """``rules`` limits it to these rule ARNs; empty means all. Events are (moment, event)."""

    name: str
    account_id: str
    region: str
    bus: str
    rules: frozenset[str]
    events: tuple[tuple[float, Mapping[str, Any]], ...]


class Replays:
    def __init__(self, state: BusState, bridge: EventBridge, clock: Clock, timeline: Timeline) -> None:
        self._state = state
        self._bridge = bridge
        self._clock = clock
        self._timeline = timeline

    def start(self, replay: Replay, told: State, cause: int) -> None:
        """Runs after the call under way; ``told`` hears RUNNING and COMPLETED."""
        entry = self._timeline.add("replay", f"Replay {replay.name}: {len(replay.events)} events", cause=cause)
        self._clock.call_later(0.0, lambda: self._run(replay, told, entry), f"replay {replay.name}")

    def _run(self, replay: Replay, told: State, cause: int) -> None:
        told("RUNNING", None)
        last = None
        for moment, event in replay.events:
            self._again(replay, {**event, "replay-name": replay.name}, cause)
            last = moment
        told("COMPLETED", last)

    def _again(self, replay: Replay, event: Mapping[str, Any], cause: int) -> None:
        if not replay.rules:
            self._bridge.put(replay.account_id, replay.region, replay.bus, event, cause)
            return
        self._bridge.books.accepted += 1
        self._bridge.books.processed += 1
        for rule in self._state.rules(replay.account_id, replay.region, replay.bus) or ():
            if rule.arn in replay.rules and rule.takes(event):
                self._bridge.trigger(rule, event, cause)


def between(events: Iterable[tuple[float, Mapping[str, Any]]], start: float, end: float) -> tuple[Any, ...]:
    return tuple((moment, event) for moment, event in events if start <= moment <= end)
