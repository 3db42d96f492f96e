"""Alarms: evaluated on the account's clock, acting through the account's errands; and the metrics of queues, which they watch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.control_plane import alarm_api
from sandbox.control_plane.queue_metrics import QueueMetrics
from sandbox.telemetry.alarms import Alarms
from sandbox.triggers.alarm_actions import AlarmActions

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_alarms(account: Account) -> Alarms:
    alarms = Alarms(account.metrics, account.clock, account.timeline)
    alarm_api.install(account.plane.services, alarms)

    def emit(account_id: str, region: str, event: dict[str, Any], cause: int) -> None:
        bus = getattr(account, "emit_event", None)
        if bus is not None:
            bus(account_id, region, event, cause)

    actions = AlarmActions(alarms, account.errands, account.clock, account.timeline, emit)
    queues = QueueMetrics(account.plane.services, account.metrics, account.clock)
    account.books.append(actions.balance)
    account.on_reset += [alarms.clear, actions.clear, queues.clear]
    return alarms
