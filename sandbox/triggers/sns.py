"""From a topic to its subscribers: filters, forms, permissions, retries, and a dead-letter queue per subscription.

A queue's and a function's own policy must let SNS in for this topic. Client errors are final; server errors are tried 100,015
times over 23 days (SNS guide, "message delivery retries"), on top of what Lambda itself retries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Messenger, Sender, as_service, compact
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.deliveries import Deliveries, Rescue
from sandbox.triggers.sns_filter import accepts
from sandbox.triggers.sns_message import ATTRIBUTES_MAX, SnsMessage, envelope, function_event, queue_attributes

Count = Callable[[str, str], None]
"""Topic ARN and the metric that grows by one."""

_IMMEDIATE, _PAUSED, _BACKOFF, _LATE = 3, 2, 10, 100_000
_BACKOFF_MAX_S = 20.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """As far as delivery needs it; policies as they are stored (JSON texts or empty)."""

    arn: str
    topic_arn: str
    protocol: str
    endpoint: str
    raw: bool = False
    filter_policy: str = ""
    filter_scope: str = "MessageAttributes"
    redrive_policy: str = ""


class TopicDelivery:
    def __init__(self, messenger: Messenger, clock: Clock, ids: Ids, timeline: Timeline, count: Count) -> None:
        self.deliveries = Deliveries("sns deliveries", messenger, clock, timeline)
        self._messenger = messenger
        self._ids = ids
        self._timeline = timeline
        self._count = count

    def publish(self, message: SnsMessage, subscriptions: Iterable[Subscription], cause: int) -> None:
        """Every subscription that the message passes the filter of gets it, after the call under way."""
        name = Arn.parse(message.topic_arn).resource
        entry = self._timeline.add("sns", f"Published to {name}", cause=cause, message_id=message.message_id)
        self._count(message.topic_arn, "NumberOfMessagesPublished")
        for subscription in subscriptions:
            if subscription.filter_policy and not accepts(subscription.filter_policy, subscription.filter_scope, message):
                title = f"Filtered out: {name} to {_name(subscription)}"
                self._timeline.add("filter", title, cause=entry, subscription=subscription.arn)
                self._count(message.topic_arn, "NumberOfNotificationsFilteredOut")
            else:
                self._deliver(message, subscription, entry)

    def clear(self) -> None:
        self.deliveries.clear()

    def _deliver(self, message: SnsMessage, subscription: Subscription, cause: int) -> None:
        sender = _sender(message, cause)
        what = f"{Arn.parse(message.topic_arn).resource} to {_name(subscription)}"
        errand = _errand(message, subscription, sender)
        if errand is None:
            self.deliveries.books.accepted += 1
            self.deliveries.books.dropped[f"{subscription.protocol} is not delivered here"] += 1
            self._timeline.add("drop", f"Not delivered: {what} ({subscription.protocol})", cause=cause)
            return
        rescue = self._rescue(message, subscription, errand, cause)
        self.deliveries.send(errand, what, _wait, rescue, self._counted(message.topic_arn))

    def _counted(self, topic_arn: str) -> Callable[[bool], None]:
        def ended(delivered: bool) -> None:
            self._count(topic_arn, "NumberOfNotificationsDelivered" if delivered else "NumberOfNotificationsFailed")

        return ended

    def _rescue(self, message: SnsMessage, subscription: Subscription, errand: Errand, cause: int) -> Rescue | None:
        target = dead_letter_target(subscription.redrive_policy)
        if not target:
            return None

        def rescue(error: AwsError, kept: Callable[[bool], None]) -> None:
            body = str(errand.params.get("MessageBody") or envelope(message, subscription.protocol, subscription.arn))
            more: dict[str, Any] = {"MessageAttributes": self._why(error)}
            if target.endswith(".fifo"):
                more["MessageGroupId"] = message.group_id
                more["MessageDeduplicationId"] = message.deduplication_id or message.message_id

            def sent(outcome: Mapping[str, Any] | AwsError) -> None:
                failed = isinstance(outcome, AwsError)
                title = f"Dead letter {'not delivered' if failed else 'delivered'}: {target.rsplit(':', 1)[-1]}"
                self._timeline.add("dead letter", title, cause=cause, subscription=subscription.arn)
                suffix = "FailedToRedriveToDlq" if failed else "RedrivenToDlq"
                self._count(message.topic_arn, f"NumberOfNotifications{suffix}")
                kept(not failed)

            self._messenger.send(_sender(message, cause).to_queue(target, body, **more), sent)

        return rescue

    def _why(self, error: AwsError) -> dict[str, Any]:
        """The same three attributes as a function's dead letters."""
        return {
            "RequestID": {"DataType": "String", "StringValue": self._ids.uuid()},
            "ErrorCode": {"DataType": "Number", "StringValue": str(error.status)},
            "ErrorMessage": {"DataType": "String", "StringValue": (error.message or error.code)[:1024]},
        }


def dead_letter_target(redrive_policy: str) -> str:
    try:
        policy = json.loads(redrive_policy or "{}")
    except ValueError:
        return ""
    return str(policy.get("deadLetterTargetArn", "")) if isinstance(policy, dict) else ""


def _sender(message: SnsMessage, cause: int) -> Sender:
    account = Arn.parse(message.topic_arn).account
    return as_service("sns.amazonaws.com", message.topic_arn, account, "sns", cause, message.trace)


def _errand(message: SnsMessage, subscription: Subscription, sender: Sender) -> Errand | None:
    """None for a protocol that leads out of the account (mail, text messages, HTTP, mobile push, Firehose)."""
    if subscription.protocol == "lambda":
        return sender.to_function(subscription.endpoint, compact(function_event(message, subscription.arn)).encode())
    if subscription.protocol != "sqs":
        return None
    more: dict[str, Any] = {}
    if message.group_id:
        more["MessageGroupId"] = message.group_id
    if message.deduplication_id and subscription.endpoint.endswith(".fifo"):
        more["MessageDeduplicationId"] = message.deduplication_id
    if not subscription.raw:
        return sender.to_queue(subscription.endpoint, envelope(message, "sqs", subscription.arn), **more)
    attributes = queue_attributes(message)
    if attributes and len(attributes) <= ATTRIBUTES_MAX:
        more["MessageAttributes"] = attributes
    return sender.to_queue(subscription.endpoint, message.text_for("sqs"), **more)


def _name(subscription: Subscription) -> str:
    return subscription.endpoint.rsplit(":", 1)[-1]


def _wait(retry: int) -> float | None:
    """Seconds before the n-th retry: at once, then a second apart, then growing to 20 s, then every 20 s."""
    if retry <= _IMMEDIATE:
        return 0.0
    if retry <= _IMMEDIATE + _PAUSED:
        return 1.0
    step = retry - _IMMEDIATE - _PAUSED
    if step <= _BACKOFF:
        return round(float(_BACKOFF_MAX_S ** (step / _BACKOFF)), 1)
    return _BACKOFF_MAX_S if step <= _BACKOFF + _LATE else None
