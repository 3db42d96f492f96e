"""Errands of one source, tried until they succeed, are refused or run out of retries; every one is accounted for.

Used by the sources that push (S3, SNS, log subscriptions). Throttles and server errors are worth another try, client errors such
as a missing permission or a queue that is gone are not (SNS developer guide, "message delivery retries").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Messenger
from sandbox.errors import AwsError
from sandbox.faults import Fault, Faults
from sandbox.telemetry.balance import Balance
from sandbox.telemetry.timeline import Timeline

PENDING_MAX = 100_000

Wait = Callable[[int], float | None]
"""Seconds before the n-th retry (from 1), None when there is none left."""

Rescue = Callable[[AwsError, Callable[[bool], None]], None]
"""What to do with an errand that failed for good; says once whether it was kept."""

THROTTLES = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "RequestLimitExceeded", "SlowDown"})


class Deliveries:
    """``name`` is the source's in the books, such as ``s3 notifications``. With ``faults`` an errand may come twice or late."""

    def __init__(self, name: str, messenger: Messenger, clock: Clock, timeline: Timeline) -> None:
        self.books = Balance(name)
        self.faults: Faults | None = None
        self._messenger = messenger
        self._clock = clock
        self._timeline = timeline
        self._pending: set[_Delivery] = set()

    def send(
        self, errand: Errand, what: str, wait: Wait, rescue: Rescue | None = None, ended: Callable[[bool], None] | None = None
    ) -> None:
        """The first try comes after the call under way; ``what`` is for people: ``photos/a.jpg to resize``.

        ``ended`` hears whether it was delivered, before a rescue is tried.
        """
        fault = self._disturbed(errand, what) if self.faults else None
        late_s, duplicates = (fault.delay_s, fault.duplicates) if fault is not None else (0.0, 0)
        for _ in range(1 + duplicates):
            self._accept(_Delivery(errand, what, wait, rescue, ended), late_s)

    def _accept(self, delivery: _Delivery, late_s: float) -> None:
        self.books.accepted += 1
        if len(self._pending) >= PENDING_MAX:
            self.books.dropped["TooManyPending"] += 1
            return
        self._pending.add(delivery)
        self._clock.call_later(late_s, lambda: self._attempt(delivery), delivery.what)

    def report(self) -> dict[str, Any]:
        return self.books.report(len(self._pending))

    def check(self) -> None:
        self.books.check(len(self._pending))

    def clear(self) -> None:
        self._pending.clear()
        self.books.clear()

    def _disturbed(self, errand: Errand, what: str) -> Fault | None:
        """What a rule makes of this delivery. FIFO queues and topics keep order and never get anything twice; a bus that
        another bus sends to gets the event once, for it keeps its id on the way and could not be told from its copy."""
        params = errand.params
        target = str(params.get("FunctionName") or params.get("QueueUrl") or params.get("TopicArn") or "")
        if self.faults is None or errand.operation == "PutEvents" or target.endswith(".fifo"):
            return None
        name = target.rsplit("/", 1)[-1]
        arn = f"arn:aws:sqs:{errand.region}:{errand.account_id}:{name}" if "QueueUrl" in params else target
        facts = {"source": (errand.source,), "resource": (*filter(None, (errand.context.get("aws:SourceArn"), arn)),)}
        return self.faults.strike("delivery", facts, what, errand.cause)

    def _attempt(self, delivery: _Delivery) -> None:
        if delivery in self._pending:
            delivery.attempts += 1
            self._messenger.send(delivery.errand, lambda outcome: self._ended(delivery, outcome))

    def _ended(self, delivery: _Delivery, outcome: Mapping[str, Any] | AwsError) -> None:
        if delivery not in self._pending:
            return
        if not isinstance(outcome, AwsError):
            self._pending.remove(delivery)
            self.books.processed += 1
            if delivery.ended is not None:
                delivery.ended(True)  # noqa: FBT003  # the callback's only argument
            return
        wait_s = delivery.wait(delivery.attempts) if is_transient(outcome) else None
        cause = delivery.errand.cause
        if wait_s is not None:
            title = f"Retry in {wait_s:g} s: {delivery.what} ({outcome.code})"
            self._timeline.add("retry", title, cause=cause, source=self.books.name, attempts=delivery.attempts)
            self._clock.call_later(wait_s, lambda: self._attempt(delivery), f"retry: {delivery.what}")
            return
        if delivery.ended is not None:
            delivery.ended(False)  # noqa: FBT003
        if delivery.rescue is not None:
            delivery.rescue(outcome, lambda kept: self._failed(delivery, outcome, kept=kept))
        else:
            self._failed(delivery, outcome, kept=False)

    def _failed(self, delivery: _Delivery, error: AwsError, *, kept: bool) -> None:
        if delivery not in self._pending:
            return
        self._pending.remove(delivery)
        if kept:
            self.books.dead_lettered += 1
        else:
            self.books.dropped[error.code] += 1
        title = f"{'Kept elsewhere' if kept else 'Dropped'}: {delivery.what} ({error.code})"
        reason = error.message or ""
        self._timeline.add("drop", title, cause=delivery.errand.cause, source=self.books.name, error=reason)


class _Delivery:
    __slots__ = ("attempts", "ended", "errand", "rescue", "wait", "what")

    def __init__(
        self, errand: Errand, what: str, wait: Wait, rescue: Rescue | None, ended: Callable[[bool], None] | None
    ) -> None:
        self.ended = ended
        self.errand = errand
        self.what = what
        self.wait = wait
        self.rescue = rescue
        self.attempts = 0


def is_transient(error: AwsError) -> bool:
    """Whether the same call may succeed later."""
    return error.status == 429 or error.status >= 500 or error.code in THROTTLES


def backoff(first_s: float, most_s: float, retries: int) -> Wait:
    """Doubling from ``first_s`` to at most ``most_s``, ``retries`` times."""

    def wait(attempt: int) -> float | None:
        return min(most_s, first_s * 2.0 ** min(attempt - 1, 30)) if attempt <= retries else None

    return wait
