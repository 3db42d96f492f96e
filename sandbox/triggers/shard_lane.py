"""Records of a shard that are processed one after another: all, or the share that ParallelizationFactor gives a lane."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.triggers.batch import Batch
from sandbox.triggers.mapping_reader import MappingReader
from sandbox.triggers.shard_batch import GiveUp, ShardBatch
from sandbox.triggers.source import Record
from sandbox.triggers.stream_kind import Shard
from sandbox.triggers.tumbling_window import TumblingWindow


class ShardLane:
    """``wake_at`` asks to be run at a moment; ``free`` says that the lane has room again."""

    def __init__(
        self, reader: MappingReader, shard: Shard, give_up: GiveUp, wake_at: Callable[[float], None], free: Callable[[], None]
    ) -> None:
        self._reader = reader
        self._shard = shard
        self._give_up = give_up
        self._wake_at = wake_at
        self._free = free
        self._waiting: deque[tuple[float, Record]] = deque()  # with the moment each was read
        self._window = TumblingWindow(1)
        self._batch: ShardBatch | None = None

    def __len__(self) -> int:
        """Records not yet accounted for."""
        return len(self._waiting) + (self._batch.size if self._batch else 0)

    @property
    def queued(self) -> int:
        return len(self._waiting)

    def take(self, record: Record) -> None:
        self._waiting.append((self._reader.around.clock.now(), record))

    def run(self) -> bool:
        """Begin a batch if one is due; whether it did."""
        if self._batch is not None:
            self._batch.go()
            return False
        now = self._reader.around.clock.now()
        tumbling_s = int(self._reader.settings.get("TumblingWindowInSeconds") or 0)
        if tumbling_s and not self._window.open:
            self._window.length_s = tumbling_s
        tumbling = bool(tumbling_s) or self._window.open
        if tumbling and self._over(now):
            self._begin(Batch(1, now), tumbling=True, final=True)
            return True
        batch = self._due(now, tumbling=tumbling)
        if batch is None:
            return False
        if tumbling:
            self._window.enter(batch.records[0].arrived)
        self._begin(batch, tumbling=tumbling)
        return True

    def _over(self, now: float) -> bool:
        """Whether the open window has nothing more to come."""
        window = self._window
        if not window.open:
            return False
        if self._waiting:
            return window.of(self._waiting[0][1].arrived) > (window.number or 0)
        if now < window.ends:
            self._wake_at(window.ends)
            return False
        return True

    def _due(self, now: float, *, tumbling: bool) -> Batch | None:
        """The next batch; None, and a wish to be woken, while its batching window is open."""
        if not self._waiting:
            return None
        settings = self._reader.settings
        deadline = self._waiting[0][0] + int(settings.get("MaximumBatchingWindowInSeconds") or 0)
        batch = Batch(int(settings["BatchSize"]), deadline)
        whole = True
        for _, record in self._waiting:
            if tumbling and self._window.of(record.arrived) != self._window.of(self._waiting[0][1].arrived):
                break
            if not batch.fits(record):
                break
            batch.add(record)
        else:
            whole = False
        if not whole and not batch.ready(now):
            self._wake_at(deadline)
            return None
        for _ in batch.records:
            self._waiting.popleft()
        return batch

    def _begin(self, batch: Batch, *, tumbling: bool, final: bool = False) -> None:
        records = batch.records
        if records:
            self._measure_age(records[-1])
        window = _Bound(self._window, self._shard) if tumbling else None
        self._batch = ShardBatch(self._reader, records, window, self._give_up, self._ended, final=final)
        self._batch.go()

    def _ended(self) -> None:
        self._batch = None
        self._free()

    def _measure_age(self, last: Record) -> None:
        """IteratorAge (Lambda guide, monitoring-metrics-types): of the last record, for the function."""
        reader, now = self._reader, self._reader.around.clock.now()
        put = partial(reader.around.metrics.put, reader.mapping.account_id, reader.mapping.region, "AWS/Lambda", "IteratorAge")
        parts = reader.mapping.function_arn.split(":")
        age_ms = max(0.0, (now - last.arrived) * 1000.0)
        put({"FunctionName": parts[6]}, age_ms, "Milliseconds", now)
        put({"FunctionName": parts[6], "Resource": ":".join(parts[6:])}, age_ms, "Milliseconds", now)


class _Bound:
    """A window together with the shard its members name."""

    def __init__(self, window: TumblingWindow, shard: Shard) -> None:
        self._window = window
        self._shard = shard

    def members(self, *, final: bool) -> dict[str, Any]:
        return self._window.members(self._shard.shard_id, self._shard.stream_arn, final=final)

    def answered(self, payload: bytes, *, final: bool) -> bool:
        return self._window.answered(payload, final=final)
