"""S3 event notifications: from what happened to an object to functions, queues, topics and the event bus that are to know.

S3 delivers "at least once", typically in seconds, and by the destination's own policy; what that policy refuses is gone, and only
the account's timeline and books say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Messenger, Sender, as_service, compact
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.deliveries import Deliveries, backoff
from sandbox.triggers.notification_configuration import NotificationConfiguration, Rule, refused
from sandbox.triggers.s3_event import ObjectEvent, bus_event, record, trial_event

_SUBJECT = "Amazon S3 Notification"
_RETRY = backoff(1.0, 300.0, 300)  # about a day; S3 names no figure

Emit = Callable[[str, str, dict[str, Any], int], None]
"""Account, Region, event, cause: the default event bus of that account."""

Exists = Callable[[str], bool]
May = Callable[[Errand], AwsError | None]


class S3Notifications:
    """``may`` says why an errand would be refused, ``exists`` whether its target is there; ``emit`` is set with a bus."""

    def __init__(self, messenger: Messenger, may: May, exists: Exists, clock: Clock, ids: Ids, timeline: Timeline) -> None:
        self.deliveries = Deliveries("s3 notifications", messenger, clock, timeline)
        self.emit: Emit | None = None
        self._messenger = messenger
        self._may = may
        self._exists = exists
        self._clock = clock
        self._ids = ids
        self._timeline = timeline
        self._configurations: dict[str, NotificationConfiguration] = {}

    def of(self, bucket: str) -> NotificationConfiguration:
        return self._configurations.get(bucket, _NOTHING)

    def put(self, bucket: str, owner: str, wanted: NotificationConfiguration, *, validate: bool, request_id: str = "") -> None:
        """Replaces what was there, or raises AwsError and leaves it. Queues and topics get a test event, as on AWS."""
        sender = _sender(bucket, owner)
        if validate:
            reasons = {}
            for rule in wanted.rules:
                why = self._unfit(rule, sender)
                if why:
                    name = f"{rule.arn}, null" if rule.kind == "CloudFunction" else rule.arn
                    reasons[name] = why
            if reasons:
                raise refused(reasons)
            self._test(bucket, wanted, sender, request_id)
        if wanted == _NOTHING:
            self._configurations.pop(bucket, None)
        else:
            self._configurations[bucket] = wanted

    def forget(self, bucket: str) -> None:
        self._configurations.pop(bucket, None)

    def happened(self, event: ObjectEvent, cause: int) -> None:
        wanted = self._configurations.get(event.bucket)
        if wanted is None:
            return
        name = f"s3:{event.name}"
        for rule in wanted.matching(name, event.key):
            what = f"{event.bucket}/{event.key} to {Arn.parse(rule.arn).resource.removeprefix('function:')}"
            entry = self._timeline.add("s3", f"{name}: {what}", cause=cause, configuration=rule.id, target=rule.arn)
            body = compact({"Records": [record(event, rule.id)]})
            sender = _sender(event.bucket, event.owner, entry, event.trace)
            self.deliveries.send(_errand(rule, sender, body), what, _RETRY)
        if wanted.event_bridge and self.emit is not None:
            entry = self._timeline.add("s3", f"{name}: {event.bucket}/{event.key} to the event bus", cause=cause)
            self.emit(event.owner, event.region, bus_event(event, self._ids.uuid()), entry)

    def clear(self) -> None:
        self._configurations.clear()
        self.deliveries.clear()

    def _unfit(self, rule: Rule, sender: Sender) -> str:
        kind = rule.kind.lower()
        if rule.kind != "CloudFunction" and not self._exists(rule.arn):
            return f"The destination {kind} does not exist"
        if rule.arn.endswith(".fifo"):
            return f"FIFO {'SQS queues' if rule.kind == 'Queue' else 'SNS topics'} are not supported"  # wording not recorded
        refusal = self._may(_errand(rule, sender, "{}"))
        if rule.kind == "CloudFunction":
            absent = not self._exists(rule.arn)
            return f"Not authorized to invoke function [{rule.arn}]" if refusal is not None or absent else ""
        denied = f"Permissions on the destination {kind} do not allow S3 to publish notifications from this bucket"
        return denied if refusal is not None else ""

    def _test(self, bucket: str, wanted: NotificationConfiguration, sender: Sender, request_id: str) -> None:
        body = compact(trial_event(bucket, self._clock.now(), request_id[:16].upper(), request_id))
        for rule in wanted.rules:
            if rule.kind != "CloudFunction":
                self._messenger.send(_errand(rule, sender, body), _nothing)


_NOTHING = NotificationConfiguration()


def _sender(bucket: str, owner: str, cause: int = 0, trace: str = "") -> Sender:
    return as_service("s3.amazonaws.com", f"arn:aws:s3:::{bucket}", owner, "s3", cause, trace)


def _errand(rule: Rule, sender: Sender, body: str) -> Errand:
    if rule.kind == "CloudFunction":
        return sender.to_function(rule.arn, body.encode())
    if rule.kind == "Queue":
        return sender.to_queue(rule.arn, body)
    return sender.to_topic(rule.arn, body, Subject=_SUBJECT)


def _nothing(_outcome: Mapping[str, Any] | AwsError) -> None:
    """A test event that gets lost changes nothing: the permission was asked before."""
