"""What an alarm's change of state sets off: its actions (topics, functions) and the event on the default bus.

Topics are published to by ``cloudwatch.amazonaws.com``, functions invoked by ``lambda.alarms.cloudwatch.amazonaws.com``, each
under the resource's own policy. A composite alarm's suppressor holds its actions back (CloudWatch user guide, "Composite alarm
action suppression"). EC2, Auto Scaling and Systems Manager actions fail and say so: there are no such resources here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.clock import Clock, Timer
from sandbox.delivery.errand import Errand, Messenger, Outcome, as_service
from sandbox.errors import AwsError
from sandbox.telemetry import alarm_documents
from sandbox.telemetry.alarm import Alarm
from sandbox.telemetry.alarms import Alarms, Change
from sandbox.telemetry.balance import Balance
from sandbox.telemetry.timeline import Timeline

TO_TOPIC = "cloudwatch.amazonaws.com"
TO_FUNCTION = "lambda.alarms.cloudwatch.amazonaws.com"

Emit = Callable[[str, str, dict[str, Any], int], None]
_Key = tuple[str, str, str]


class AlarmActions:
    """``emit`` puts AWS's own event on the default bus of (account, region); it does nothing while there is no bus."""

    def __init__(self, alarms: Alarms, messenger: Messenger, clock: Clock, timeline: Timeline, emit: Emit) -> None:
        self._alarms = alarms
        self._messenger = messenger
        self._clock = clock
        self._timeline = timeline
        self._emit = emit
        self._books = Balance("alarm actions")
        self._waiting: dict[_Key, Timer] = {}  # composite alarms whose actions wait for their suppressor
        self._held: dict[_Key, Change] = {}  # composite alarms whose actions are suppressed now
        self._pending = 0
        alarms.on_change.append(self.changed)

    def changed(self, change: Change) -> None:
        self._hold_or_act(change)
        event = alarm_documents.bus_event(change.alarm, change.old, change.new)
        self._emit(change.alarm.account_id, change.alarm.region, event, change.entry)
        for held in list(self._held.values()):
            if _suppressor(held.alarm) == change.alarm.name and change.new.value != "ALARM":
                self._release_later(held)

    def balance(self) -> dict[str, Any]:
        return self._books.report(self._pending)

    def clear(self) -> None:
        self._books.clear()
        self._waiting.clear()
        self._held.clear()
        self._pending = 0

    # -- suppression

    def _hold_or_act(self, change: Change) -> None:
        alarm = change.alarm
        key = (alarm.account_id, alarm.region, alarm.name)
        self._held.pop(key, None)
        timer = self._waiting.pop(key, None)
        if timer is not None:
            timer.cancel()
        alarm.suppressed_by = alarm.suppressed_reason = ""
        if change.new.value != "ALARM" or not _suppressor(alarm):
            self._act(change)
        elif self._is_suppressed(alarm):
            self._hold(key, change)
        else:
            wait = float(alarm.params.get("ActionsSuppressorWaitPeriod", 0))
            alarm.suppressed_by, alarm.suppressed_reason = "WaitPeriod", "Actions suppressed by WaitPeriod"
            self._waiting[key] = self._clock.call_later(wait, lambda: self._waited(key, change), f"alarm {alarm.name} waits")

    def _waited(self, key: _Key, change: Change) -> None:
        self._waiting.pop(key, None)
        if self._is_suppressed(change.alarm):
            self._hold(key, change)
        else:
            change.alarm.suppressed_by = change.alarm.suppressed_reason = ""
            self._act(change)

    def _hold(self, key: _Key, change: Change) -> None:
        alarm = change.alarm
        alarm.suppressed_by, alarm.suppressed_reason = "Alarm", f"Actions suppressed by {_suppressor(alarm)}"
        self._held[key] = change
        self._timeline.add("alarm", f"Actions of {alarm.name} are suppressed", cause=change.entry, by=_suppressor(alarm))
        for action in alarm.actions(change.new.value):
            self._alarms.history.suppressed(alarm, action, self._clock.now(), alarm.suppressed_reason)

    def _release_later(self, change: Change) -> None:
        alarm = change.alarm
        key = (alarm.account_id, alarm.region, alarm.name)
        del self._held[key]
        alarm.suppressed_by, alarm.suppressed_reason = "ExtensionPeriod", "Actions suppressed by ExtensionPeriod"
        extension = float(alarm.params.get("ActionsSuppressorExtensionPeriod", 0))
        self._waiting[key] = self._clock.call_later(extension, lambda: self._waited(key, change), f"alarm {alarm.name} waits")

    def _is_suppressed(self, alarm: Alarm) -> bool:
        found = self._alarms.find(alarm.account_id, alarm.region, _suppressor(alarm))
        return found is not None and found.standing.value == "ALARM"

    # -- acting

    def _act(self, change: Change) -> None:
        if not change.alarm.actions_enabled:
            return
        for action in change.alarm.actions(change.new.value):
            self._books.accepted += 1
            self._pending += 1
            errand = _errand(change, action)
            if errand is None:
                self._done(change, action, AwsError("InvalidAction", "this account has no resources of that kind to act on"))
            else:
                self._messenger.send(errand, lambda outcome, action=action: self._done(change, action, outcome))  # type: ignore[misc]

    def _done(self, change: Change, action: str, outcome: Outcome) -> None:
        alarm, now = change.alarm, self._clock.now()
        self._pending -= 1
        error = outcome.message or outcome.code if isinstance(outcome, AwsError) else ""
        self._alarms.history.acted(alarm, action, now, error=error, state=change.new.value)
        if isinstance(outcome, AwsError):
            self._books.dropped[outcome.code] += 1
            title = f"Action of alarm {alarm.name} failed: {outcome.code}"
            self._timeline.add("alarm", title, cause=change.entry, action=action, message=outcome.message)
        else:
            self._books.processed += 1
            self._timeline.add("alarm", f"Action of alarm {alarm.name} done", cause=change.entry, action=action)


def _errand(change: Change, action: str) -> Errand | None:
    alarm = change.alarm
    if ":sns:" in action:
        sender = as_service(TO_TOPIC, alarm.arn, alarm.account_id, "alarm", change.entry)
        message = alarm_documents.topic_message(alarm, change.old, change.new)
        return _with(sender.to_topic(action, message, Subject=alarm_documents.subject(alarm, change.new)), alarm)
    if ":lambda:" in action:
        sender = as_service(TO_FUNCTION, alarm.arn, alarm.account_id, "alarm", change.entry)
        payload = alarm_documents.function_payload(alarm, change.old, change.new)
        return sender.to_function(action, json.dumps(payload).encode())
    return None


def _with(errand: Errand, alarm: Alarm) -> Errand:
    """A topic's default policy lets the alarms of its owner publish by ``AWS:SourceOwner``, the older name of the account."""
    return replace(errand, context={**errand.context, "aws:SourceOwner": alarm.account_id})


def _suppressor(alarm: Alarm) -> str:
    return str(alarm.params.get("ActionsSuppressor", "")).rsplit(":alarm:", 1)[-1]
