"""EventBridge: buses, rules and their schedules, archives and replays, metrics, and two pages in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.bus_state import MotoBuses
from sandbox.control_plane.event_buses import EventBuses
from sandbox.triggers.event_replay import Replays
from sandbox.triggers.event_rule import EventRule
from sandbox.triggers.eventbridge import EventBridge
from sandbox.triggers.scheduled_rules import ScheduledRules

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_eventbridge(account: Account) -> EventBridge:
    """Services that put events on the default bus use the result's ``emit``; S3 is connected here."""
    clock, timeline = account.clock, account.timeline

    def count(rule: EventRule, metric: str) -> None:
        dimensions = {"RuleName": rule.name} | ({} if rule.bus == "default" else {"EventBusName": rule.bus})
        account.metrics.put(rule.account_id, rule.region, "AWS/Events", metric, dimensions, 1.0, "Count", clock.now())

    state = MotoBuses(account.plane.world, clock)
    bridge = EventBridge(state, account.errands, clock, account.ids, timeline, count)
    schedules = ScheduledRules(state, bridge, clock, timeline)
    EventBuses(account.plane.services, state, bridge, schedules, Replays(state, bridge, clock, timeline))
    account.s3_notifications.emit = bridge.emit
    bridge.deliveries.faults = account.faults
    account.books += [lambda: bridge.books.report(0), bridge.deliveries.report]
    account.on_reset += [bridge.clear, schedules.clear]
    return bridge
