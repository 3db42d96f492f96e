"""What a queue does with its messages, in place of moto's: each call costs what it gives, not what the queue holds.

Also right where moto is not: what outlived its retention is gone instead of hiding what comes after it, and a FIFO queue knows a
deduplication id for five minutes whether or not its message has been deleted (SQS guide, "Using the message deduplication ID").
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from copy import copy
from string import ascii_lowercase
from typing import Any

_DEDUPLICATION_MS = 300_000
_HANDLES_MAX = 10_000  # of deleted messages: deleting again is no error for so many


def receive_message(
    self: Any, queue_name: str, count: int, _wait_s: int, visibility_timeout: int, message_attribute_names: Any = None
) -> list[Any]:
    """Takes the place of ``SQSBackend.receive_message``; never waits."""
    queue, models = self.get_queue(queue_name), sys.modules["moto.sqs.models"]
    now_ms: float = models.unix_time_millis()
    expire(queue, now_ms)
    locked = _locked_groups(queue, now_ms) if queue.fifo_queue else set()
    limit = queue.redrive_policy["maxReceiveCount"] if queue.dead_letter_queue is not None and queue.redrive_policy else None
    given: list[Any] = []
    doomed: list[Any] = []
    for message in queue._messages:
        if message.visible_at >= now_ms or message.delayed_until > now_ms:
            continue
        if message.group_id and message.group_id in locked:
            continue
        queue.pending_messages.discard(message)  # its consumer has had its time
        if limit is not None and message.approximate_receive_count >= limit:
            doomed.append(message)
            continue
        queue.pending_messages.add(message)
        message.mark_received(visibility_timeout=visibility_timeout)
        shown = copy(message)
        models._filter_message_attributes(shown, message_attribute_names or [])
        given.append(shown)
        if len(given) >= count:
            break
    for message in doomed:
        queue._messages.remove(message)
        message.dead_letter_source = queue.queue_arn
        queue.dead_letter_queue.add_message(message)
    return given


def expire(queue: Any, now_ms: float) -> None:
    """Drop what is older than the queue's retention; the oldest stand in front."""
    oldest = now_ms - int(queue.message_retention_period) * 1000.0
    if queue._messages and queue._messages[0].sent_timestamp < oldest:
        queue._messages = [message for message in queue._messages if message.sent_timestamp >= oldest]
        queue._pending_messages.intersection_update(queue._messages)


def delete_message(self: Any, receipt_handle: str) -> None:
    """Takes the place of ``Queue.delete_message``: messages under way stand in front, so the search is short."""
    deleted = _deleted(self)
    if receipt_handle in deleted:
        return
    for place, message in enumerate(self._messages):
        if message.receipt_handle == receipt_handle or receipt_handle in message._old_receipt_handles:
            del self._messages[place]
            self.pending_messages.discard(message)
            deleted[receipt_handle] = None
            while len(deleted) > _HANDLES_MAX:
                deleted.popitem(last=False)
            return
    raise sys.modules["moto.sqs.models"].ReceiptHandleIsInvalid()


def add_message(self: Any, message: Any) -> None:
    """Takes the place of ``Queue.add_message``; pollers are told by what was called, not from here."""
    if self.fifo_queue and message.deduplication_id and _is_duplicate(self, message):
        return
    self._messages.append(message)


def _is_duplicate(queue: Any, message: Any) -> bool:
    recent: OrderedDict[tuple[str, str], float] = queue.__dict__.setdefault("_recent_deduplication", OrderedDict())
    per_group = queue.__dict__.get("deduplication_scope") == "messageGroup"
    key = (message.group_id if per_group else "", message.deduplication_id)
    while recent and message.sent_timestamp - next(iter(recent.values())) >= _DEDUPLICATION_MS:
        recent.popitem(last=False)
    if key in recent:
        return True
    recent[key] = message.sent_timestamp
    return False


def _locked_groups(queue: Any, now_ms: float) -> set[str]:
    """Groups with a message that somebody received and has not deleted within its time."""
    return {message.group_id for message in queue.pending_messages if message.group_id and message.visible_at >= now_ms}


def _deleted(queue: Any) -> OrderedDict[str, None]:
    found: OrderedDict[str, None] = queue.__dict__.setdefault("_deleted_handles", OrderedDict())
    return found


def _waiting(self: Any) -> int:
    """``approximate_number_of_messages``; like the two below it asks for the time once and not once a message."""
    now_ms: float = sys.modules["moto.sqs.models"].unix_time_millis()
    return sum(now_ms > message.visible_at and now_ms >= message.delayed_until for message in self._messages)


def _delayed(self: Any) -> int:
    now_ms: float = sys.modules["moto.sqs.models"].unix_time_millis()
    return sum(now_ms < message.delayed_until for message in self._messages)


def _hidden(self: Any) -> int:
    now_ms: float = sys.modules["moto.sqs.models"].unix_time_millis()
    return sum(now_ms <= message.visible_at for message in self._messages)


def receipt_handle() -> str:
    """moto draws its 185 letters one by one, which is a quarter of the cost of a receive."""
    return "".join(sys.modules["moto.sqs.models"].random.choices(ascii_lowercase, k=185))


def install(sqs_models: Any) -> None:
    sqs_models.generate_receipt_handle = receipt_handle
    sqs_models.SQSBackend.receive_message = receive_message
    sqs_models.Queue.delete_message = delete_message
    sqs_models.Queue.add_message = add_message
    sqs_models.Queue.approximate_number_of_messages = property(_waiting)
    sqs_models.Queue.approximate_number_of_messages_delayed = property(_delayed)
    sqs_models.Queue.approximate_number_of_messages_not_visible = property(_hidden)
