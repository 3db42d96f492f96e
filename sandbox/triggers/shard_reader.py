"""Reads one shard: an iterator, and as many lanes as records may be processed side by side (ParallelizationFactor)."""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

from sandbox.clock import Timer
from sandbox.delivery.errand import Outcome
from sandbox.errors import AwsError
from sandbox.triggers.mapping_reader import PAUSE_S, MappingReader, will_pass
from sandbox.triggers.shard_batch import GiveUp
from sandbox.triggers.shard_lane import ShardLane
from sandbox.triggers.source import Record
from sandbox.triggers.stream_kind import Shard, StreamKind
from sandbox.triggers.trampoline import Trampoline

_TURNS_MAX = 1_000
_TRIMMED = "TrimmedDataAccessException"
_LOST = ("ExpiredIteratorException", _TRIMMED)


class ShardReader:
    """``restart`` is asked for a new iterator when the one in hand cannot be read any more: one after a sequence number, or from
    the oldest record if that is empty.
    """

    def __init__(
        self,
        reader: MappingReader,
        kind: StreamKind,
        shard: Shard,
        iterator: str,
        give_up: GiveUp,
        restart: Callable[[str, str], None],
    ) -> None:
        self._reader = reader
        self._kind = kind
        self.shard = shard
        self.iterator = iterator
        self._give_up = give_up
        self._restart = restart
        self._last = ""  # sequence number of the newest record read
        self._reading = False
        self._paused_until = 0.0
        self._for_good = False  # whether the stream will refuse again, as far as is known
        self._timer: Timer | None = None
        self._loop = Trampoline(self._turn, _TURNS_MAX, lambda: self.wake_at(reader.around.clock.now()))
        self._lanes: list[ShardLane] = []
        self._spread()

    def __len__(self) -> int:
        """Records taken and not yet accounted for."""
        return sum(len(lane) for lane in self._lanes)

    def wake(self) -> None:
        """Something may have been written: Lambda looks at the shard at its own pace, unless it is at work."""
        self.wake_at(self._reader.around.clock.now() + self._kind.poll_s)

    def go(self) -> None:
        self._loop.go()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def wake_at(self, when: float, *, background: bool = False) -> None:
        if self._timer is not None and self._timer.pending:
            if self._timer.when <= when:
                return
            self._timer.cancel()
        clock = self._reader.around.clock
        self._timer = clock.call_at(max(when, clock.now()), self._loop.go, f"poll {self.shard.shard_id}", background=background)

    def _spread(self) -> None:
        """A changed factor applies once the lanes are empty: order within a key must hold."""
        wanted = int(self._reader.settings.get("ParallelizationFactor") or 1)
        if len(self._lanes) != wanted and not len(self):
            make = (self._reader, self.shard, self._give_up, self.wake_at, self._loop.go)
            self._lanes = [ShardLane(*make) for _ in range(wanted)]

    def _turn(self) -> bool:
        reader = self._reader
        reader.around.functions.settle()
        if not reader.enabled:
            return False
        self._spread()
        progressed = [lane.run() for lane in self._lanes]
        return self._read() or any(progressed)

    def _read(self) -> bool:
        reader = self._reader
        room = int(reader.settings["BatchSize"]) * len(self._lanes) - sum(lane.queued for lane in self._lanes)
        if self._reading or room <= 0 or not self.iterator:
            return False
        if reader.around.clock.now() < self._paused_until:  # a wish meanwhile took the timer's place
            self.wake_at(self._paused_until, background=self._for_good)
            return False
        if not reader.around.sources.has_records(self.shard.stream_arn, self.iterator):
            return False
        self._reading = True
        params = {"ShardIterator": self.iterator, "Limit": min(room, self._kind.read_max)}
        if self._kind.names_stream:
            params[self._kind.stream] = self.shard.stream_arn
        reader.send(self._kind.service, "GetRecords", params, self._got, reader.cause)
        return not self._reading

    def _got(self, outcome: Outcome) -> None:
        self._reading = False
        reader = self._reader
        if isinstance(outcome, AwsError):
            if outcome.code in _LOST:
                self.iterator = ""  # until there is another one
                self._restart(self.shard.shard_id, "" if outcome.code == _TRIMMED else self._last)
                return
            reader.problem("GetRecords", outcome)
            self._paused_until = reader.around.clock.now() + PAUSE_S
            self._for_good = not will_pass(outcome)
            self.wake_at(self._paused_until, background=self._for_good)
            return
        self.iterator = str(outcome.get("NextShardIterator") or self.iterator)
        records = [self._kind.record_of(self.shard, each) for each in outcome.get("Records") or ()]
        self._last = records[-1].id if records else self._last
        reader.books.accepted += len(records)
        reader.count("PolledEventCount", len(records))
        kept = [record for record in records if reader.filter.keeps(record)]
        if len(kept) < len(records):
            reader.books.dropped["filtered"] += len(records) - len(kept)
            reader.count("FilteredOutEventCount", len(records) - len(kept))
        for record in kept:
            self._lane_of(record).take(record)
        self._loop.go()

    def _lane_of(self, record: Record) -> ShardLane:
        return self._lanes[crc32(record.key.encode()) % len(self._lanes)]
