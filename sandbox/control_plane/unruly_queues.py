"""Standard queues on a bad day: a message that is given twice, or overtaken. FIFO queues are never touched.

SQS keeps copies of a message on several servers; one that was unavailable may give its copy again (SQS guide, "Standard
queues: at-least-once delivery"). The copy has the message's id and a receipt handle of its own.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, Any

from sandbox.faults import Fault, Faults

if TYPE_CHECKING:
    from sandbox.control_plane.services import Services
    from sandbox.control_plane.wire import ParsedCall
    from sandbox.http_message import HttpResponse

_MESSAGE_ID = re.compile(rb'"MessageId"\s*:\s*"([^"]+)"|<MessageId>([^<]+)</MessageId>')
_SENDS = ("SendMessage", "SendMessageBatch")


class UnrulyQueues:
    """After a send a message may be held back, after a receive its copy may stay visible."""

    def __init__(self, services: Services, faults: Faults) -> None:
        self._services = services
        self._faults = faults
        services.after.setdefault("sqs", []).append(self._after)

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if not self._faults or response.status >= 300 or call.operation not in (*_SENDS, "ReceiveMessage"):
            return
        name = str(call.params.get("QueueUrl") or "").rsplit("/", 1)[-1]
        queue = self._services.world.backend("sqs", account_id, region).queues.get(name)
        if queue is None or queue.fifo_queue:
            return
        for message in _named(queue, response.body, newest=call.operation in _SENDS):
            if call.operation in _SENDS:
                self._hold_back(queue, message)
            else:
                self._give_again(queue, message)

    def _hold_back(self, queue: Any, message: Any) -> None:
        fault = self._strike(queue, message, "sent to")
        if fault is not None and fault.delay_s:
            now_ms = self._services.world.clock.now() * 1000.0
            message.delayed_until = max(now_ms, message.delayed_until) + fault.delay_s * 1000.0
        if fault is not None and fault.duplicates:
            message.__dict__["_copies_due"] = fault.duplicates

    def _give_again(self, queue: Any, message: Any) -> None:
        for _ in range(message.__dict__.pop("_copies_due", 0)):
            ghost = copy(message)
            ghost.receipt_handle, ghost._old_receipt_handles, ghost.visible_at = None, [], 0.0
            queue._messages.append(ghost)

    def _strike(self, queue: Any, message: Any, done: str) -> Fault | None:
        cause = self._services.in_hand.cause if self._services.in_hand else 0
        hit = {"source": ("sqs",), "resource": (queue.queue_arn,)}
        return self._faults.strike("delivery", hit, f"message {message.id[:8]} {done} {queue.name}", cause)


def _named(queue: Any, body: bytes, *, newest: bool) -> list[Any]:
    """The messages an answer names; what was sent just now stands at the end."""
    ids = _ids(body)
    found = [message for message in (reversed(queue._messages) if newest else queue._messages) if message.id in ids]
    return found[::-1] if newest else found


def _ids(body: bytes) -> set[str]:
    return {(plain or xml).decode() for plain, xml in _MESSAGE_ID.findall(body)}
