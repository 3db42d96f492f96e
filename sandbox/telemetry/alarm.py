"""A CloudWatch alarm: how it was put, what state it is in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
STATES: tuple[State, ...] = ("OK", "ALARM", "INSUFFICIENT_DATA")
ACTION_LISTS: dict[State, str] = {"OK": "OKActions", "ALARM": "AlarmActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
INITIAL_REASON = "Unchecked: Initial alarm creation"


@dataclass(frozen=True, slots=True)
class Standing:
    """A state and why. ``data`` is the ``StateReasonData`` document, empty for none; ``at`` is epoch seconds."""

    value: State
    reason: str
    data: dict[str, Any]
    at: float


@dataclass(slots=True)
class Alarm:
    """``params`` are PutMetricAlarm's or PutCompositeAlarm's, checked. A composite alarm has an ``AlarmRule``."""

    account_id: str
    region: str
    name: str
    params: dict[str, Any]
    standing: Standing
    configured: float
    transitioned: float
    tags: dict[str, str] = field(default_factory=dict)
    suppressed_by: str = ""
    suppressed_reason: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:cloudwatch:{self.region}:{self.account_id}:alarm:{self.name}"

    @property
    def composite(self) -> bool:
        return "AlarmRule" in self.params

    @property
    def kind(self) -> str:
        return "CompositeAlarm" if self.composite else "MetricAlarm"

    @property
    def actions_enabled(self) -> bool:
        return bool(self.params.get("ActionsEnabled", True))

    def actions(self, state: State) -> list[str]:
        return list(self.params.get(ACTION_LISTS[state], ()))

    @property
    def period(self) -> int:
        """Seconds of one datapoint: its own, or the longest of its metrics."""
        return int(self.params.get("Period") or max((period_of(query) for query in self.params.get("Metrics", ())), default=60))


def period_of(query: dict[str, Any]) -> int:
    return int(query.get("MetricStat", {}).get("Period") or query.get("Period") or 0)


def stamp(at: float) -> str:
    """Times in alarms' documents: ``2021-01-08T11:40:43.578+0000``."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"
