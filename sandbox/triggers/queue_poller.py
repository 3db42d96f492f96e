"""Reads one queue for one mapping: receive, filter, gather, invoke, delete what succeeded; the rest comes back by itself.

Lambda guide, with-sqs and services-sqs-errorhandling: a failed batch is left alone until its visibility timeout ends, a throttled
one is tried again until then, messages that match no filter are deleted. Order within a FIFO group is the queue's own: a group
with messages under way gives no others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandbox.arn import Arn
from sandbox.clock import Timer
from sandbox.delivery.errand import Outcome
from sandbox.errors import AwsError
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.invocation.call import Answer
from sandbox.triggers import sqs
from sandbox.triggers.batch import Batch, payload
from sandbox.triggers.mapping_reader import PAUSE_S, MappingReader, backoff_s, will_pass
from sandbox.triggers.open_messages import OpenMessages
from sandbox.triggers.partial_batch import REPORT, failed_ids
from sandbox.triggers.scaling import Scaling
from sandbox.triggers.source import Record, Surroundings
from sandbox.triggers.trampoline import Trampoline

_TURNS_MAX = 200
_Then = Callable[[], None]


class QueuePoller(MappingReader):
    def __init__(self, mapping: EventSourceMapping, around: Surroundings) -> None:
        super().__init__(mapping, around, "sqs")
        self._queue = Arn.parse(mapping.source_arn)
        self._open = OpenMessages(mapping.source_arn, around.sources, self.books, self._moved)
        self._scaling = Scaling(self._ceiling)
        self._batch: Batch | None = None
        self._running = 0
        self._receiving = False
        self._dry = False  # the last receive gave nothing
        self._paused_until = 0.0
        self._for_good = False  # whether the source will refuse again, as far as is known
        self._timer: Timer | None = None
        self._loop = Trampoline(self._turn, _TURNS_MAX, self.wake)

    @property
    def pending(self) -> int:
        self._open.settle()
        return len(self._open)

    @property
    def _ceiling(self) -> int:
        return int((self.settings.get("ScalingConfig") or {}).get("MaximumConcurrency") or 0)

    @property
    def _deadline(self) -> float | None:
        """When the batch that is being gathered must go, full or not."""
        return self._batch.deadline if self._batch is not None else None

    def wake(self, cause: int = 0) -> None:
        self.cause = cause or self.cause
        self._look_at(self.around.clock.now())

    def change(self, mapping: EventSourceMapping) -> None:
        self._accept(mapping)
        self._scaling.ceiling = self._ceiling
        self._paused_until = 0.0
        self.wake()

    def close(self) -> None:
        """Batches under way still end; nothing else is read."""
        self.closed = True
        self._open.abandon("mapping deleted", self._running == 0)
        self._cancel()

    # -- reading

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_at(self, when: float | None, *, background: bool = False) -> None:
        """One timer, the earliest wish of all."""
        if when is None or self.closed:
            return
        when = max(when, self.around.clock.now())
        if self._timer is not None and self._timer.pending:
            if self._timer.when <= when:
                return
            self._timer.cancel()
        self._timer = self.around.clock.call_at(when, self._loop.go, f"poll {self._queue.resource}", background=background)

    def _turn(self) -> bool:
        """One receive; whether another one makes sense now."""
        self.around.functions.settle()  # a mapping that is being switched off is off
        now = self.around.clock.now()
        if not self.enabled or self._receiving:
            return False
        if now < self._paused_until:  # something arrived meanwhile, and its wish took the timer's place
            self._look_at(self._paused_until, background=self._for_good)
            return False
        if self._batch is not None and self._batch.ready(now):
            self._dispatch(self._batch)
            return True
        seen = self.around.sources.next_visible(str(self._queue))
        if seen is None or seen > now:
            if not self._running:
                self._scaling.rest()
            self._look_at(_earlier(seen, self._deadline))
            return False
        if self._running >= self._scaling.allowed(now):
            return False  # whoever ends first looks again
        return self._receive()

    def _receive(self) -> bool:
        wanted = int(self.settings["BatchSize"])
        if self._batch is not None:
            wanted -= len(self._batch.records)
        self._receiving, self._dry = True, False
        self.send("sqs", "ReceiveMessage", sqs.receive(self._queue, wanted), self._received, self.cause)
        return not self._receiving and not self._dry

    def _received(self, outcome: Outcome) -> None:
        self._receiving = False
        now = self.around.clock.now()
        if isinstance(outcome, AwsError):
            self._pause("ReceiveMessage", outcome)
            return
        messages = [sqs.record_of(self._queue, message) for message in outcome.get("Messages") or ()]
        self._open.settle()
        if not messages:  # what is visible belongs to a group that is under way, or went to the dead-letter queue
            self._dry = True
            self._look_at(_earlier(self.around.sources.next_visible(str(self._queue), after=now), self._deadline))
            return
        self._open.take(messages)
        self.count("PolledEventCount", len(messages))
        kept = [record for record in messages if self.filter.keeps(record)]
        if len(kept) < len(messages):
            self._discard([record for record in messages if not self.filter.keeps(record)])
        window_s = int(self.settings.get("MaximumBatchingWindowInSeconds") or 0)
        for record in kept:
            self._gather(record, now + window_s)
        if self._batch is not None and self._batch.ready(now):
            self._dispatch(self._batch)
        self._loop.go()

    def _gather(self, record: Record, deadline: float) -> None:
        if self._batch is not None:
            if record.event["attributes"].get("ApproximateReceiveCount") != "1" and self._batch.replace(record):
                return  # it became visible again while it waited here
            if not self._batch.fits(record):
                self._dispatch(self._batch)
        if self._batch is None:
            self._batch = Batch(int(self.settings["BatchSize"]), deadline)
        self._batch.add(record)

    def _pause(self, doing: str, error: AwsError) -> None:
        self.problem(doing, error)
        self._paused_until = self.around.clock.now() + PAUSE_S
        self._for_good = not will_pass(error)
        self._cancel()
        self._look_at(self._paused_until, background=self._for_good)

    # -- working

    def _dispatch(self, batch: Batch) -> None:
        self._batch = None
        self._running += 1
        now = self.around.clock.now()
        title = f"{len(batch.records)} of {self._queue.resource} for {self.name}"
        entry = self.around.timeline.add("poll", title, cause=self.cause, mapping=self.mapping.uuid)
        ends = now + (self.around.sources.visibility_s(str(self._queue)) or 0)
        self._attempt(batch.records, entry, ends, 1)

    def _attempt(self, records: Sequence[Record], entry: int, ends: float, attempt: int) -> None:
        self.count("InvokedEventCount", len(records))

        def answered(answer: Answer | AwsError) -> None:
            self._answered(records, entry, ends, attempt, answer)

        self.invoke(payload(records), entry, answered)

    def _answered(self, records: Sequence[Record], entry: int, ends: float, attempt: int, answer: Answer | AwsError) -> None:
        if isinstance(answer, AwsError):
            again = self.around.clock.now() + backoff_s(attempt)
            if will_pass(answer) and again < ends and not self.closed:
                self.around.clock.call_at(
                    again, lambda: self._attempt(records, entry, ends, attempt + 1), f"batch of {self._queue.resource}"
                )
                return
            self.problem("Invoke", answer)
            if not will_pass(answer):
                self._pause("Invoke", answer)
            failed = frozenset(record.id for record in records)
        else:
            failed = self._failed(records, answer)
        self.count("FailedInvokeEventCount", len(failed))
        self._open.give_back(failed)
        done = [record for record in records if record.id not in failed]
        if failed:
            text = f"{len(failed)} of {len(records)} left in {self._queue.resource} until visible again"
            self.around.timeline.add("retry", text, cause=entry, mapping=self.mapping.uuid)
        self._delete(done, "", self._ended)

    def _failed(self, records: Sequence[Record], answer: Answer) -> frozenset[str]:
        if answer.function_error:
            return frozenset(record.id for record in records)
        if REPORT in (self.settings.get("FunctionResponseTypes") or ()):
            return failed_ids(answer.payload, [record.id for record in records])
        return frozenset()

    def _ended(self) -> None:
        self._running -= 1
        if self.closed:
            self._open.abandon("mapping deleted", self._running == 0)
        self.wake()

    def _discard(self, records: Sequence[Record]) -> None:
        self.count("FilteredOutEventCount", len(records))
        self._delete(records, "filtered", lambda: None)

    def _delete(self, records: Sequence[Record], reason: str, then: _Then) -> None:
        """Ten at a time; what cannot be deleted comes back. ``reason`` is empty for what a function processed."""
        some, rest = records[: sqs.RECEIVE_MAX], records[sqs.RECEIVE_MAX :]
        if not some:
            then()
            return

        def deleted(outcome: Outcome) -> None:
            if isinstance(outcome, AwsError):
                self.problem("DeleteMessage", outcome)
                gone: list[Record] = []
            else:
                gone = [some[int(each["Id"])] for each in outcome.get("Successful") or ()]
            self._open.close([record.id for record in gone], reason)
            self._open.give_back(record.id for record in some if record not in gone)
            self.count("DeletedEventCount", len(gone))
            self._delete(rest, reason, then)

        self.send("sqs", "DeleteMessageBatch", sqs.delete(self._queue, some), deleted, self.cause)

    def _moved(self, count: int) -> None:
        text = f"{count} of {self._queue.resource} moved to its dead-letter queue"
        self.around.timeline.add("dead_letter", text, cause=self.cause, mapping=self.mapping.uuid)


def _earlier(one: float | None, other: float | None) -> float | None:
    known = [moment for moment in (one, other) if moment is not None]
    return min(known) if known else None
