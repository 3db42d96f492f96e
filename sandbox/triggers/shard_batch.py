"""One batch of a shard until every record is done: retried, split in two, cut at the first failure, or given up.

Lambda guide, services-kinesis-errors / services-ddb-batchfailurereporting: a shard waits for its batch; splitting uses up no
retries; a partial answer goes on at the lowest sequence number that failed; throttles wait and count as nothing.

A fault rule of the kind ``delivery`` loses the place where Lambda was: a batch that succeeded comes whole once more, as "at least
once" allows (same guide, with-kinesis and with-ddb), or it comes late. Nothing of the shard overtakes it, for both keep order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.errors import AwsError
from sandbox.invocation.call import Answer
from sandbox.triggers.batch import payload
from sandbox.triggers.mapping_reader import MappingReader, backoff_s, will_pass
from sandbox.triggers.partial_batch import REPORT, failed_ids
from sandbox.triggers.source import Record
from sandbox.triggers.trampoline import Trampoline

_TURNS_MAX = 20_000
EXPIRED = "expired from the stream"


@dataclass(slots=True)
class Segment:
    """``attempts`` count against MaximumRetryAttempts, ``invocations`` all that ran, ``delays`` how long to wait next; ``copies``
    are successes that will be forgotten.
    """

    records: Sequence[Record]
    attempts: int = 0
    invocations: int = 0
    delays: int = 0
    answer: Answer | None = None
    copies: int = 0


class Window(Protocol):
    def members(self, *, final: bool) -> dict[str, Any]: ...

    def answered(self, payload: bytes, *, final: bool) -> bool: ...


GiveUp = Callable[[Segment, str, Callable[[], None]], None]


class ShardBatch:
    """``done`` is called once. ``final`` is a tumbling window's last invocation, which has no records."""

    def __init__(
        self,
        reader: MappingReader,
        records: Sequence[Record],
        window: Window | None,
        give_up: GiveUp,
        done: Callable[[], None],
        *,
        final: bool = False,
    ) -> None:
        self._reader = reader
        self._window = window
        self._give_up = give_up
        self._done = done
        self._final = final
        self._waiting = False
        self._leaving = 0  # records that are being given up: whoever takes them has not answered yet
        self._loop = Trampoline(self._turn, _TURNS_MAX, self._tired)
        title = f"{len(records)} of {reader.mapping.source_arn.split('/')[1]} for {reader.name}"
        self._entry = reader.around.timeline.add("poll", title, cause=reader.cause, mapping=reader.mapping.uuid)
        self._late_s, copies = self._disturbed(title) if reader.around.faults and records else (0.0, 0)
        self._segments = deque([Segment(records, copies=copies)])

    @property
    def size(self) -> int:
        return self._leaving + sum(len(segment.records) for segment in self._segments)

    def go(self) -> None:
        self._loop.go()

    def _disturbed(self, what: str) -> tuple[float, int]:
        """How late the batch comes, and how many times more."""
        mapping, faults = self._reader.mapping, self._reader.around.faults
        table = mapping.source_arn.partition("/stream/")[0]
        hit = {"source": (self._reader.source,), "resource": (mapping.source_arn, table, mapping.function_arn)}
        fault = faults.strike("delivery", hit, what, self._entry) if faults is not None else None
        return (fault.delay_s, fault.duplicates) if fault is not None else (0.0, 0)

    def _tired(self) -> None:
        self._later(0.0, "goes on")

    def _turn(self) -> bool:
        if self._waiting or self._reader.closed:
            return False
        if not self._reader.enabled:
            return False  # goes on where it was when the mapping is enabled again
        if self._late_s:
            late_s, self._late_s = self._late_s, 0.0
            self._resume_after(late_s)
            return False
        if not self._segments:
            self._waiting = True
            self._done()
            return False
        segment = self._segments[0]
        if self._aged(segment):
            return True
        self._waiting = True
        self._reader.count("InvokedEventCount", len(segment.records))
        more = self._window.members(final=self._final) if self._window else None
        self._reader.invoke(payload(segment.records, more), self._entry, lambda answer: self._answered(segment, answer))
        return True

    def _aged(self, segment: Segment) -> bool:
        """Records that are too old by now are given up before they are tried (again)."""
        age_s, condition = self._age_limit()
        oldest = self._reader.around.clock.now() - age_s
        old = [record for record in segment.records if record.arrived < oldest]
        if not old:
            return False
        self._segments.popleft()
        if len(old) < len(segment.records):
            young = segment.records[len(old) :]
            self._segments.appendleft(Segment(young, segment.attempts, segment.invocations, segment.delays, segment.answer))
        self._drop(Segment(old, segment.attempts, segment.invocations, 0, segment.answer), condition)
        return True

    def _age_limit(self) -> tuple[float, str]:
        """The mapping's, or else the stream's: what the stream no longer has cannot be read again."""
        asked_s = float(self._reader.settings.get("MaximumRecordAgeInSeconds") or -1)
        kept_s = self._reader.around.sources.retention_s(self._reader.mapping.source_arn)
        return (asked_s, "RecordAgeExceeded") if 0 <= asked_s <= kept_s else (kept_s, EXPIRED)

    def _answered(self, segment: Segment, answer: Answer | AwsError) -> None:
        self._waiting = False
        if self._reader.closed:
            return
        if isinstance(answer, AwsError):
            if not will_pass(answer):
                self._reader.problem("Invoke", answer)
            self._wait(segment, answer.code)
            return
        segment.answer = answer
        segment.invocations += 1
        if segment.copies and not answer.function_error:
            segment.copies -= 1
            self._loop.go()
            return
        failed = self._failed_from(segment, answer)
        if failed is None:
            self._segments.popleft()
            self._succeeded(len(segment.records))
            self._reader.note("OK")
        else:
            self._failed(segment, failed)
        self._loop.go()

    def _failed_from(self, segment: Segment, answer: Answer) -> int | None:
        """The place of the first record that failed; None when all succeeded."""
        if answer.function_error:
            return 0
        if REPORT in (self._reader.settings.get("FunctionResponseTypes") or ()):
            ids = [record.id for record in segment.records]
            failed = failed_ids(answer.payload, ids)
            if failed:
                return min(ids.index(each) for each in failed)
        if self._window is not None and not self._window.answered(answer.payload, final=self._final):
            return 0
        return None

    def _failed(self, segment: Segment, first: int) -> None:
        reader, retries = self._reader, int(self._reader.settings.get("MaximumRetryAttempts", -1))
        reader.note("PROBLEM: Function call failed")
        reader.count("FailedInvokeEventCount", len(segment.records) - first)
        self._segments.popleft()
        if first:  # what came before it is done
            self._succeeded(first)
            segment.records = segment.records[first:]
        elif reader.settings.get("BisectBatchOnFunctionError") and len(segment.records) > 1:
            middle = len(segment.records) // 2
            for part in (segment.records[middle:], segment.records[:middle]):
                self._segments.appendleft(Segment(part, segment.attempts, segment.invocations, segment.delays, segment.answer))
            reader.around.timeline.add("retry", f"Batch of {len(segment.records)} split in two", cause=self._entry)
            return
        segment.attempts += 1
        if 0 <= retries < segment.attempts and not self._final:
            self._drop(segment, "RetryAttemptsExhausted")
            return
        self._segments.appendleft(segment)
        self._wait(segment, "the function failed")

    def _succeeded(self, count: int) -> None:
        self._reader.books.processed += count

    def _drop(self, segment: Segment, condition: str) -> None:
        self._waiting = True
        self._leaving = len(segment.records)

        def given_up() -> None:
            self._waiting = False
            self._leaving = 0
            self._loop.go()

        self._give_up(segment, condition, given_up)

    def _wait(self, segment: Segment, why: str) -> None:
        """Not beyond the moment its oldest record is too old, which is settled then and not a retry later."""
        segment.delays += 1
        delay_s = backoff_s(segment.delays)
        age_s, _ = self._age_limit()
        if segment.records:
            left_s = segment.records[0].arrived + age_s - self._reader.around.clock.now()
            delay_s = min(delay_s, max(0.0, left_s) + 0.001)
        self._later(delay_s, why)

    def _later(self, delay_s: float, why: str) -> None:
        title = f"{self._reader.name}: again in {delay_s:g} s: {why}"
        self._reader.around.timeline.add("retry", title, cause=self._entry)
        self._resume_after(delay_s)

    def _resume_after(self, delay_s: float) -> None:
        self._waiting = True

        def again() -> None:
            self._waiting = False
            self._loop.go()

        self._reader.around.clock.call_later(delay_s, again, f"batch for {self._reader.name}")
