"""What DescribeAlarmHistory shows: configuration changes, state changes and actions, newest kept; deleted alarms' too."""

from __future__ import annotations

import json
from collections import deque
from typing import Any, NamedTuple

from sandbox.telemetry.alarm import Alarm, Standing

ITEMS_MAX = 5_000


class Item(NamedTuple):
    account_id: str
    region: str
    name: str
    alarm_type: str
    at: float
    kind: str
    summary: str
    data: str


class History:
    def __init__(self) -> None:
        self.items: deque[Item] = deque(maxlen=ITEMS_MAX)

    def configured(self, alarm: Alarm, what: str, at: float) -> None:
        data = {"type": {"created": "Create", "updated": "Update", "deleted": "Delete"}[what], "version": "1.0"}
        self._add(alarm, at, "ConfigurationUpdate", f'Alarm "{alarm.name}" {what}', data)

    def moved(self, alarm: Alarm, old: Standing, new: Standing) -> None:
        data = {"version": "1.0", "oldState": _state(old), "newState": _state(new)}
        self._add(alarm, new.at, "StateUpdate", f"Alarm updated from {old.value} to {new.value}", data)

    def acted(self, alarm: Alarm, action: str, at: float, *, error: str = "", state: str = "") -> None:
        done = f"Successfully executed action {action}"
        summary = f'Failed to execute action {action}. Received error: "{error}"' if error else done
        data = {
            "actionState": "Failed" if error else "Succeeded",
            "stateUpdateTimestamp": int(alarm.standing.at * 1000),
            "notificationResource": action,
        }
        if error:
            data["error"] = error
        self._add(alarm, at, "Action", summary, data | ({"stateValue": state} if state else {}))

    def suppressed(self, alarm: Alarm, action: str, at: float, why: str) -> None:
        self._add(alarm, at, "Action", f"Suppressed action {action}: {why}", {"actionState": "Suppressed", "reason": why})

    def clear(self) -> None:
        self.items.clear()

    def _add(self, alarm: Alarm, at: float, kind: str, summary: str, data: dict[str, Any]) -> None:
        text = json.dumps(data, separators=(",", ":"))
        self.items.append(Item(alarm.account_id, alarm.region, alarm.name, alarm.kind, at, kind, summary, text))


def _state(standing: Standing) -> dict[str, Any]:
    found: dict[str, Any] = {"stateValue": standing.value, "stateReason": standing.reason}
    return found | ({"stateReasonData": standing.data} if standing.data else {})
