"""The metrics of SQS: how much is in each queue, once a minute, and what was sent, received and deleted.

SQS developer guide, "Available CloudWatch metrics for Amazon SQS". As there, queues report while they are active: here all of
an account and Region until six hours after the last call, so that an account at rest has no timer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.clock import Clock, Timer
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.http_message import HttpResponse
from sandbox.telemetry.metrics import Metrics

NAMESPACE = "AWS/SQS"
ACTIVE_S = 6 * 3_600
_BEFORE_FULL_S = 1.0  # a sample belongs to the minute that ends, and is there when alarms look at that minute
_QUIET = ("ListQueues", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags", "ListDeadLetterSourceQueues")


class QueueMetrics:
    def __init__(self, services: Services, metrics: Metrics, clock: Clock) -> None:
        self._world = services.world
        self._metrics = metrics
        self._clock = clock
        self._active: dict[tuple[str, str], float] = {}
        self._timer: Timer | None = None
        services.after.setdefault("sqs", []).append(self._called)

    def clear(self) -> None:
        self._active.clear()
        self._timer = None

    def _called(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 400 or call.operation in _QUIET:
            return
        now = self._clock.now()
        self._active[account_id, region] = now
        self._schedule(now)
        queue = str(call.params.get("QueueUrl", "")).rsplit("/", 1)[-1]
        for name, value, unit in _counted(call, response.body):
            self._metrics.put(account_id, region, NAMESPACE, name, {"QueueName": queue}, value, unit, now)

    def _schedule(self, now: float) -> None:
        if self._timer is None or not self._timer.pending:
            due = (now // 60 + 1) * 60 - _BEFORE_FULL_S
            self._timer = self._clock.call_at(due if due > now else due + 60, self._sample, "queue metrics", background=True)

    def _sample(self) -> None:
        now = self._clock.now()
        for (account_id, region), last in list(self._active.items()):
            if now - last > ACTIVE_S:
                del self._active[account_id, region]
                continue
            with self._world.entered():
                queues = list(self._world.backend("sqs", account_id, region).queues.items())
                motos = sys.modules["moto.core.utils"].unix_time_millis
                levels = [(name, level) for name, queue in queues for level in _levels(queue, now, motos)]
            for name, (metric, value, unit) in levels:
                self._metrics.put(account_id, region, NAMESPACE, metric, {"QueueName": name}, value, unit, now)
        if self._active:
            self._schedule(now)


def _levels(queue: Any, now: float, unix_time_millis: Callable[[], float]) -> Iterator[tuple[str, float, str]]:
    """One pass over the queue: its own properties would each make one, and each message's ask the clock anew."""
    visible = delayed = hidden = 0
    oldest, now_ms = now, unix_time_millis() if queue._messages else 0.0
    for message in queue._messages:
        if now_ms < message.delayed_until:
            delayed += 1
        elif now_ms > message.visible_at:
            visible += 1
        else:
            hidden += 1
        oldest = min(oldest, float(message.sent_timestamp) / 1000)
    yield "ApproximateNumberOfMessagesVisible", visible, "Count"
    yield "ApproximateNumberOfMessagesNotVisible", hidden, "Count"
    yield "ApproximateNumberOfMessagesDelayed", delayed, "Count"
    yield "ApproximateAgeOfOldestMessage", max(0.0, now - oldest), "Seconds"


def _counted(call: ParsedCall, body: bytes) -> Iterator[tuple[str, float, str]]:
    params = call.params
    if call.operation == "SendMessage":
        yield "NumberOfMessagesSent", 1.0, "Count"
        yield "SentMessageSize", float(len(str(params.get("MessageBody", "")).encode())), "Bytes"
    elif call.operation == "SendMessageBatch":
        sent = {row["Id"]: row for row in params.get("Entries", ())}
        yield "NumberOfMessagesSent", float(_count(body, b"MessageId")), "Count"
        for row in sent.values():
            yield "SentMessageSize", float(len(str(row.get("MessageBody", "")).encode())), "Bytes"
    elif call.operation == "ReceiveMessage":
        received = float(_count(body, b"ReceiptHandle"))
        yield ("NumberOfMessagesReceived", received, "Count") if received else ("NumberOfEmptyReceives", 1.0, "Count")
    elif call.operation == "DeleteMessage":
        yield "NumberOfMessagesDeleted", 1.0, "Count"
    elif call.operation == "DeleteMessageBatch":
        yield "NumberOfMessagesDeleted", float(len(params.get("Entries", ())) - _count(body, b"SenderFault")), "Count"


def _count(body: bytes, member: bytes) -> int:
    """In JSON and in XML."""
    return body.count(b'"' + member + b'"') or body.count(b"<" + member + b">")
