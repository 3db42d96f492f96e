"""What was seen of a stack from outside while its scenarios ran: plain data that checks read, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """One scenario's stretch of the account's time, in epoch seconds."""

    name: str
    start: float
    end: float

    def holds(self, at: float) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Message:
    """A message that arrived somewhere; ``attributes`` by name, values as texts."""

    at: float
    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a function's log group."""

    at: float
    group: str
    text: str


@dataclass(slots=True)
class Evidence:
    """Filled by the scenarios and the observer; ``notes`` are facts a scenario wrote down under a name of its own."""

    windows: dict[str, Window] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)  # of the result bucket, by key
    notifications: list[Message] = field(default_factory=list)
    alerts: list[Message] = field(default_factory=list)
    failures: list[Message] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # what probes found out
    notes: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)  # scenarios that ended early, and what the account said

    def during(self, name: str, things: list[Any]) -> list[Any]:
        """Those of ``things`` (messages, lines) that fell into the window of a scenario; nothing when it did not run."""
        window = self.windows.get(name)
        return [] if window is None else [thing for thing in things if window.holds(thing.at)]
