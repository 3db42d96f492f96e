"""EventBridge: an event on a bus goes to the targets of every rule whose pattern it matches.

Delivery is "at least once", by the target's own policy or the target's role, with the target's retry policy and dead-letter
queue. What no rule matches is gone, and only the timeline and the books say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.errand import Done, Errand, Messenger, Outcome, as_service, compact
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.balance import Balance
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.deliveries import Deliveries, Rescue
from sandbox.triggers.event_input import text_for
from sandbox.triggers.event_retry import RetryPolicy, attributes, error_code, to_queue
from sandbox.triggers.event_rule import BusState, EventRule
from sandbox.triggers.event_target import SERVICE, errand_for, sender_for

Count = Callable[[EventRule, str], None]
"""A rule and its metric that grows by one."""

Event = Mapping[str, Any]
_FORWARDED_MAX = 10_000


class _Received(dict[str, Any]):
    """An event that another bus sent. No rule sends it on to a third bus (EventBridge guide, eb-bus-to-bus)."""


class EventBridge:
    """``count`` keeps the metrics of a rule."""

    def __init__(self, state: BusState, messenger: Messenger, clock: Clock, ids: Ids, timeline: Timeline, count: Count) -> None:
        self.deliveries = Deliveries("eventbridge targets", _Streams(messenger, clock), clock, timeline)
        self.books = Balance("eventbridge events")
        self._state = state
        self._messenger = messenger
        self._clock = clock
        self._ids = ids
        self._timeline = timeline
        self._count = count
        self._forwarded: dict[str, Event] = {}  # events on their way to another bus, by id

    def put(self, account_id: str, region: str, bus: str, event: Event, cause: int) -> None:
        """Takes one complete event; ``account_id`` and ``region`` are the bus's."""
        self.books.accepted += 1
        what = f"{event['detail-type']} from {event['source']}"
        rules = self._state.rules(account_id, region, bus)
        if rules is None:
            self.books.dropped["no such bus"] += 1
            self._timeline.add("drop", f"Dropped: {what} (no event bus {bus})", cause=cause, event=event["id"])
            return
        matching = [rule for rule in rules if rule.takes(event)]
        names = ", ".join(rule.name for rule in matching)
        title = f"{what} on {bus}: {names or 'no rule matches'}"
        entry = self._timeline.add("event", title, cause=cause, event=event["id"])
        if not matching:
            self.books.dropped["no rule matches"] += 1
            return
        self.books.processed += 1
        for rule in matching:
            self.trigger(rule, event, entry)

    def trigger(self, rule: EventRule, event: Event, cause: int) -> None:
        """The event goes to the rule's targets, after the call under way."""
        self._count(rule, "MatchedEvents")
        self._count(rule, "TriggeredRules")
        for target in rule.targets:
            if _is_archive(target):
                self._state.archive(rule, event)
            else:
                self._deliver(rule, target, event, cause)

    def new_event(
        self, account_id: str, region: str, source: str, kind: str, detail: Any, resources: list[str], at: float | None = None
    ) -> dict[str, Any]:
        """An event as targets see it (EventBridge guide, "AWS service event structure")."""
        return {
            "version": "0",
            "id": self._ids.uuid(),
            "detail-type": kind,
            "source": source,
            "account": account_id,
            "time": stamp(self._clock.now() if at is None else at),
            "region": region,
            "resources": resources,
            "detail": detail,
        }

    def emit(self, account_id: str, region: str, event: Event, cause: int) -> None:
        """An AWS service's own event, on the default bus of the account; one that nobody listens to leaves no trace."""
        if any(rule.takes(event) for rule in self._state.rules(account_id, region, "default") or ()):
            self.put(account_id, region, "default", {**event, "id": event.get("id") or self._ids.uuid()}, cause)

    def forwarded(self, trace_header: str) -> Event | None:
        """The event that a rule of another bus sends here, as it was there."""
        event = self._forwarded.pop(trace_header.removeprefix("Event="), None)
        return None if event is None else _Received(event)

    def clear(self) -> None:
        self.deliveries.clear()
        self.books.clear()
        self._forwarded.clear()

    def _deliver(self, rule: EventRule, target: Mapping[str, Any], event: Event, cause: int) -> None:
        arn = str(target["Arn"])
        what = f"{rule.name} to {arn.rsplit(':', 1)[-1]}"
        if isinstance(event, _Received) and ":event-bus/" in arn:
            self.deliveries.books.accepted += 1
            self.deliveries.books.dropped["came from another bus"] += 1
            self._timeline.add("drop", f"Not sent on: {what} (the event came from another bus)", cause=cause, target=arn)
            return
        sender = sender_for(rule, target, event["id"], cause)
        text = text_for(target, event, rule.arn, stamp(self._clock.now()))
        self._count(rule, "Invocations")
        try:
            errand = errand_for(sender, target, text, event)
        except (AwsError, ValueError) as error:
            reason = error.code if isinstance(error, AwsError) else "InvalidTarget"
            self.deliveries.books.accepted += 1
            self.deliveries.books.dropped[reason] += 1
            self._count(rule, "FailedInvocations")
            self._timeline.add("drop", f"Not delivered: {what} ({error})", cause=cause, target=arn)
            return
        if errand.operation == "PutEvents" and len(self._forwarded) < _FORWARDED_MAX:
            self._forwarded[event["id"]] = event
        policy = RetryPolicy(target.get("RetryPolicy") or {}, self._clock, self._ids)
        rescue = self._rescue(rule, target, event, policy, cause)
        self.deliveries.send(errand, what, policy.wait, rescue)

    def _rescue(self, rule: EventRule, target: Mapping[str, Any], event: Event, policy: RetryPolicy, cause: int) -> Rescue:
        queue = str((target.get("DeadLetterConfig") or {}).get("Arn") or "")

        def rescue(error: AwsError, kept: Callable[[bool], None]) -> None:
            self._forwarded.pop(event["id"], None)
            self._count(rule, "FailedInvocations")
            if not queue:
                kept(False)  # noqa: FBT003  # the callback's only argument
                return

            def told(sent: bool) -> None:
                title = f"Dead letter {'sent' if sent else 'not sent'}: {queue.rsplit(':', 1)[-1]} ({error_code(error)})"
                self._timeline.add("dead letter", title, cause=cause, rule=rule.arn, target=str(target["Arn"]))
                self._count(rule, "InvocationsSentToDlq" if sent else "InvocationsFailedToBeSentToDlq")
                kept(sent)

            letter = attributes(policy, error, RULE_ARN=rule.arn, TARGET_ARN=str(target["Arn"]))
            sender = as_service(SERVICE, rule.arn, rule.account_id, "eventbridge", cause)
            to_queue(self._messenger, sender, queue, compact(event), letter, told)

        return rescue


class _Streams:
    """A log group takes events only in a stream that is there: it is made before the first event of a delivery."""

    def __init__(self, messenger: Messenger, clock: Clock) -> None:
        self._messenger = messenger
        self._clock = clock

    def send(self, errand: Errand, done: Done) -> None:
        if errand.service != "logs":
            self._messenger.send(errand, done)
            return
        params = {name: errand.params[name] for name in ("logGroupName", "logStreamName")}
        stream = replace(errand, operation="CreateLogStream", params=params)

        def made(outcome: Outcome) -> None:
            if isinstance(outcome, AwsError) and outcome.code != "ResourceAlreadyExistsException":
                done(outcome)
            else:
                rows = [{**row, "timestamp": self._clock.now_ms()} for row in errand.params["logEvents"]]
                self._messenger.send(replace(errand, params={**errand.params, "logEvents": rows}), done)

        self._messenger.send(stream, made)


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_archive(target: Mapping[str, Any]) -> bool:
    """A managed rule's target, which names the service and no account: ``arn:aws:events:us-east-1:::``."""
    parts = str(target["Arn"]).split(":")
    return parts[2] == "events" and not parts[4]
