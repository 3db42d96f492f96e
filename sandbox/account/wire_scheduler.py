"""EventBridge Scheduler: schedules that come due, metrics, and a page in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.schedules import MotoSchedules, Schedules
from sandbox.triggers.scheduler import Scheduled, Scheduler

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_scheduler(account: Account) -> None:
    def count(schedule: Scheduled, metric: str) -> None:
        place = (schedule.account_id, schedule.region, "AWS/Scheduler", metric)
        account.metrics.put(*place, {"ScheduleGroup": schedule.group}, 1.0, "Count", account.clock.now())

    state = MotoSchedules(account.plane.world)
    scheduler = Scheduler(state, account.errands, account.clock, account.ids, account.timeline, count)
    Schedules(account.plane.services, state, scheduler, account.identities.role_is_assumable)
    scheduler.deliveries.faults = account.faults
    account.books.append(scheduler.deliveries.report)
    account.on_reset.append(scheduler.clear)
