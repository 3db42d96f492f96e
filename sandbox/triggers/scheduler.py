"""EventBridge Scheduler: one-time and recurring schedules, in their time zone, with flexible windows, retries and dead letters.

Timers run in the background of the account's clock. A schedule that has no future left is deleted if it says so (Scheduler guide,
"managing-schedule-delete").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Messenger, Sender, in_role
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.deliveries import Deliveries, Rescue
from sandbox.triggers.event_retry import RetryPolicy, attributes, to_queue
from sandbox.triggers.eventbridge import stamp
from sandbox.triggers.schedule_expression import parse_any
from sandbox.triggers.scheduled_target import Moment, errand_of


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule as far as it matters when it is due. ``window_s`` is 0 without a flexible window; dates are epoch seconds."""

    arn: str
    name: str
    group: str
    account_id: str
    region: str
    expression: str
    timezone: str
    enabled: bool
    window_s: float
    starts: float
    ends: float
    delete_after: bool
    target: Mapping[str, Any]

    @property
    def course(self) -> tuple[Any, ...]:
        """What its timer depends on."""
        return (self.expression, self.timezone, self.window_s, self.starts, self.ends)


class ScheduleState(Protocol):
    def schedules(self) -> list[Scheduled]: ...

    def schedule(self, arn: str) -> Scheduled | None: ...

    def remove(self, schedule: Scheduled) -> None: ...


Count = Callable[[Scheduled, str], None]


class Scheduler:
    """``count`` keeps the metrics of a schedule's group; ``refresh`` after any change of schedules."""

    def __init__(
        self, state: ScheduleState, messenger: Messenger, clock: Clock, ids: Ids, timeline: Timeline, count: Count
    ) -> None:
        self.deliveries = Deliveries("scheduler targets", messenger, clock, timeline)
        self._state = state
        self._messenger = messenger
        self._clock = clock
        self._ids = ids
        self._timeline = timeline
        self._count = count
        self._timers: dict[str, tuple[tuple[Any, ...], Timer]] = {}

    def refresh(self) -> None:
        wanted = {schedule.arn: schedule for schedule in self._state.schedules() if schedule.enabled}
        for arn in [arn for arn, (course, _) in self._timers.items() if arn not in wanted or wanted[arn].course != course]:
            self._timers.pop(arn)[1].cancel()
        for arn, schedule in wanted.items():
            if arn not in self._timers:
                self._arm(schedule, self._clock.now())

    def clear(self) -> None:
        for _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self.deliveries.clear()

    def _arm(self, schedule: Scheduled, after: float) -> bool:
        """False when there is no next time."""
        course = parse_any(schedule.expression, zone(schedule.timezone))
        when = course.next_after(max(after, schedule.starts - 0.001), schedule.starts)
        if when is None or (schedule.ends and when > schedule.ends):
            return False
        late = self._ids.draw() * schedule.window_s if schedule.window_s else 0.0
        due = max(self._clock.now(), when + late)
        timer = self._clock.call_at(due, lambda: self._fire(schedule.arn, when), f"schedule {schedule.name}", background=True)
        self._timers[schedule.arn] = (schedule.course, timer)
        return True

    def _fire(self, arn: str, when: float) -> None:
        self._timers.pop(arn, None)
        schedule = self._state.schedule(arn)
        if schedule is None or not schedule.enabled:
            return
        entry = self._timeline.add("schedule", f"{schedule.expression}: {schedule.name}", schedule=arn)
        self._invoke(schedule, when, entry)
        if not self._arm(schedule, when) and schedule.delete_after:
            self._timeline.add("schedule", f"Deleted after completion: {schedule.name}", cause=entry, schedule=arn)
            self._state.remove(schedule)

    def _invoke(self, schedule: Scheduled, when: float, cause: int) -> None:
        target = schedule.target
        moment = Moment(schedule.arn, stamp(when), self._ids.uuid())
        sender = in_role(str(target["RoleArn"]), moment.execution_id.replace("-", ""), "scheduler", cause)
        what = f"{schedule.name} to {str(target['Arn']).rsplit(':', 1)[-1]}"
        self._count(schedule, "InvocationAttemptCount")
        try:
            errand = errand_of(sender, target, moment, _default_event(schedule, when, moment.execution_id))
        except (AwsError, ValueError) as error:
            reason = error.code if isinstance(error, AwsError) else "InvalidTarget"
            self.deliveries.books.accepted += 1
            self.deliveries.books.dropped[reason] += 1
            self._count(schedule, "InvocationDroppedCount")
            self._timeline.add("drop", f"Not delivered: {what} ({error})", cause=cause)
            return
        policy = RetryPolicy(target.get("RetryPolicy") or {}, self._clock, self._ids)
        self.deliveries.send(errand, what, policy.wait, self._rescue(schedule, moment, policy, sender))

    def _rescue(self, schedule: Scheduled, moment: Moment, policy: RetryPolicy, sender: Sender) -> Rescue:
        target = schedule.target
        queue = str((target.get("DeadLetterConfig") or {}).get("Arn") or "")

        def rescue(error: AwsError, kept: Callable[[bool], None]) -> None:
            self._count(schedule, "TargetErrorCount")
            if not queue:
                self._count(schedule, "InvocationDroppedCount")
                kept(False)  # noqa: FBT003  # the callback's only argument
                return

            def told(sent: bool) -> None:
                name = "InvocationsSentToDeadLetterCount" if sent else "InvocationsFailedToBeSentToDeadLetterCount"
                self._count(schedule, name)
                title = f"Dead letter {'sent' if sent else 'not sent'}: {queue.rsplit(':', 1)[-1]} ({error.code})"
                self._timeline.add("dead letter", title, cause=sender.cause, schedule=schedule.arn)
                kept(sent)

            body = moment.filled(str(target.get("Input") or "{}"))
            to_queue(self._messenger, sender, queue, body, _letter(schedule, moment, policy, error), told)

        return rescue


def zone(name: str) -> tzinfo:
    """Raises KeyError (ZoneInfoNotFoundError) or ValueError for a name that is none."""
    return UTC if name in ("", "UTC") else ZoneInfo(name)


def _letter(schedule: Scheduled, moment: Moment, policy: RetryPolicy, error: AwsError) -> dict[str, Any]:
    """Attributes of a dead letter (Scheduler guide, "configuring-schedule-dlq"); the error code is the target's own."""
    about = {
        "SCHEDULE_ARN": schedule.arn,
        "TARGET_ARN": str(schedule.target["Arn"]),
        "SCHEDULED_TIME": moment.scheduled_time,
        "EXECUTION_ID": moment.execution_id,
        "IS_PAYLOAD_TRUNCATED": "false",
    }
    return attributes(policy, error, **about) | {"ERROR_CODE": {"DataType": "String", "StringValue": error.code}}


def _default_event(schedule: Scheduled, when: float, execution_id: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": execution_id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": schedule.account_id,
        "time": stamp(when),
        "region": schedule.region,
        "resources": [schedule.arn],
        "detail": "{}",
    }
