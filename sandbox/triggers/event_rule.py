"""A rule on an event bus as far as delivery needs it, and what the room asks about the state of the buses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from sandbox.triggers.event_pattern import matches


@dataclass(frozen=True, slots=True)
class EventRule:
    """``pattern`` and ``schedule`` are as they were put, empty for none; targets have PutTargets' shape."""

    arn: str
    name: str
    bus: str
    account_id: str
    region: str
    pattern: str
    schedule: str
    enabled: bool
    targets: Sequence[Mapping[str, Any]]

    def takes(self, event: Mapping[str, Any]) -> bool:
        return self.enabled and bool(self.pattern) and matches(_parsed(self.pattern), event)


class BusState(Protocol):
    """What the control plane knows: a bus's rules (None where there is no such bus), and the archives."""

    def rules(self, account_id: str, region: str, bus: str) -> list[EventRule] | None: ...

    def rule(self, arn: str) -> EventRule | None: ...

    def scheduled(self) -> list[EventRule]: ...

    def archive(self, rule: EventRule, event: Mapping[str, Any]) -> None: ...


@lru_cache(maxsize=1_000)
def _parsed(pattern: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(pattern)
    return parsed
