"""Rules with a schedule: their timers on the account's clock, in the background, and the event each of them makes."""

from __future__ import annotations

from sandbox.clock import Clock, Timer
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.event_rule import BusState, EventRule
from sandbox.triggers.eventbridge import EventBridge
from sandbox.triggers.schedule_expression import parse


class ScheduledRules:
    """``refresh`` after any change of rules: enabled rules get a timer, changed ones a new one. Times are UTC."""

    def __init__(self, state: BusState, bridge: EventBridge, clock: Clock, timeline: Timeline) -> None:
        self._state = state
        self._bridge = bridge
        self._clock = clock
        self._timeline = timeline
        self._timers: dict[str, tuple[str, float, Timer]] = {}  # rule ARN to expression, start and timer

    def refresh(self) -> None:
        wanted = {rule.arn: rule for rule in self._state.scheduled() if rule.enabled}
        for arn in [arn for arn, (text, _, _) in self._timers.items() if arn not in wanted or wanted[arn].schedule != text]:
            self._timers.pop(arn)[2].cancel()
        for arn, rule in wanted.items():
            if arn not in self._timers:
                self._arm(rule, self._clock.now())

    def clear(self) -> None:
        for _, _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _arm(self, rule: EventRule, start: float) -> None:
        when = parse(rule.schedule).next_after(self._clock.now(), start)
        if when is not None:
            timer = self._clock.call_at(when, lambda: self._fire(rule.arn, when), f"rule {rule.name}", background=True)
            self._timers[rule.arn] = (rule.schedule, start, timer)

    def _fire(self, arn: str, when: float) -> None:
        _, start, _ = self._timers.pop(arn)
        rule = self._state.rule(arn)
        if rule is None or not rule.enabled:
            return
        self._arm(rule, start)
        entry = self._timeline.add("schedule", f"{rule.schedule}: rule {rule.name}", rule=arn)
        event = self._bridge.new_event(rule.account_id, rule.region, "aws.events", "Scheduled Event", {}, [arn], at=when)
        self._bridge.books.accepted += 1
        self._bridge.books.processed += 1
        self._bridge.trigger(rule, event, entry)
