"""Reads one stream for one mapping: finds its shards, starts each where the mapping says, and gives up what cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.clock import Timer
from sandbox.delivery.errand import Outcome
from sandbox.errors import AwsError
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.triggers import failure_record
from sandbox.triggers.batch import payload
from sandbox.triggers.mapping_reader import PAUSE_S, MappingReader, will_pass
from sandbox.triggers.shard_batch import EXPIRED, Segment
from sandbox.triggers.shard_reader import ShardReader
from sandbox.triggers.source import Surroundings
from sandbox.triggers.stream_kind import Shard, StreamKind

_POSITION = "StartingPosition"


class StreamPoller(MappingReader):
    """Shards that appear later (a stream was resharded) are read from their beginning, so that nothing is skipped."""

    def __init__(self, mapping: EventSourceMapping, around: Surroundings, kind: StreamKind) -> None:
        super().__init__(mapping, around, kind.source)
        self._kind = kind
        self._readers: dict[str, ShardReader] = {}
        self._started = False
        self._reading = False
        self._asking: set[str] = set()
        self._unread: dict[str, tuple[str, str]] = {}  # shards without an iterator: position, and after which record
        self._timer: Timer | None = None

    @property
    def pending(self) -> int:
        return sum(len(reader) for reader in self._readers.values())

    def wake(self, cause: int = 0) -> None:
        self.cause = cause or self.cause
        for reader in self._readers.values():
            reader.wake()

    def change(self, mapping: EventSourceMapping) -> None:
        self._accept(mapping)
        was_reading, self._reading = self._reading, self.enabled
        if self._reading and not was_reading:
            self.find_shards()
        if self._reading:
            self.wake()

    def close(self) -> None:
        self.books.dropped["mapping deleted"] += self.pending
        self.closed = True
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
        if self._timer is not None:
            self._timer.cancel()

    def find_shards(self) -> None:
        """At the start, and whenever the stream may have been resharded."""
        self.send(self._kind.service, "DescribeStream", {self._kind.stream: self.mapping.source_arn}, self._described)

    def _described(self, outcome: Outcome) -> None:
        if self.closed:
            return
        if isinstance(outcome, AwsError):
            self._try_later("DescribeStream", outcome)
            return
        position = "TRIM_HORIZON" if self._started else str(self.settings.get(_POSITION) or "TRIM_HORIZON")
        for shard in outcome["StreamDescription"].get("Shards") or ():
            if shard["ShardId"] not in self._readers:
                self._start(shard["ShardId"], position)
        self._started = self._started or bool(self._readers)

    def _start(self, shard_id: str, position: str, after: str = "") -> None:
        if shard_id in self._asking:
            return
        self._asking.add(shard_id)
        params: dict[str, Any] = {
            self._kind.stream: self.mapping.source_arn,
            "ShardId": shard_id,
            "ShardIteratorType": position,
        }
        if position == "AT_TIMESTAMP":
            params["Timestamp"] = self.settings["StartingPositionTimestamp"]
        if after:
            params["StartingSequenceNumber"] = after

        def given(outcome: Outcome) -> None:
            self._asking.discard(shard_id)
            if isinstance(outcome, AwsError):
                self._unread[shard_id] = (position, after)
                self._try_later("GetShardIterator", outcome)
            elif not self.closed:
                self._read(shard_id, str(outcome["ShardIterator"]))

        self.send(self._kind.service, "GetShardIterator", params, given)

    def _read(self, shard_id: str, iterator: str) -> None:
        known = self._readers.get(shard_id)
        if known is not None:
            known.iterator = iterator
            known.wake()
            return
        version = self.version()
        shard = Shard(self.mapping.source_arn, shard_id, version.role if version else "")
        self._readers[shard_id] = reader = ShardReader(self, self._kind, shard, iterator, self._giver_up(shard), self._restart)
        reader.wake()

    def _restart(self, shard_id: str, after: str) -> None:
        """An iterator that has expired costs nothing; where what it pointed at is gone, go on with the oldest there is."""
        self._start(shard_id, "AFTER_SEQUENCE_NUMBER" if after else "TRIM_HORIZON", after)

    def _try_later(self, doing: str, error: AwsError) -> None:
        self.problem(doing, error)
        if self._timer is None or not self._timer.pending:
            self._timer = self.around.clock.call_later(
                PAUSE_S, self._again, f"find shards for {self.name}", background=not will_pass(error)
            )

    def _again(self) -> None:
        if not self.enabled:
            return
        unread, self._unread = self._unread, {}
        for shard_id, (position, after) in unread.items():
            self._start(shard_id, position, after)
        self.find_shards()

    def _giver_up(self, shard: Shard) -> Callable[[Segment, str, Callable[[], None]], None]:
        return lambda segment, condition, then: self._give_up(shard, segment, condition, then)

    def _give_up(self, shard: Shard, segment: Segment, condition: str, then: Callable[[], None]) -> None:
        """Tell the on-failure destination where the batch is; without one, or if that fails, the records are dropped."""
        count, around = len(segment.records), self.around
        destination = str(((self.settings.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination") or "")
        title = f"{self.name}: {count} given up: {condition}"
        entry = around.timeline.add("drop", title, cause=self.cause, mapping=self.mapping.uuid)
        self.count("DroppedEventCount", count)
        sender = self.sender(entry)
        if not destination or sender is None or condition == EXPIRED:
            self.books.dropped[condition] += count
            then()
            return

        def sent(outcome: Outcome) -> None:
            if self.closed:  # they were counted when the mapping was deleted
                return
            if isinstance(outcome, AwsError):
                self.books.dropped[condition] += count
                text = f"{self.name}: on-failure destination refused: {outcome.code}"
                around.timeline.add("drop", text, cause=entry, mapping=self.mapping.uuid)
            else:
                self.books.dead_lettered += count
                self.count("OnFailureDestinationDeliveredEventCount", count)
            then()

        made = failure_record.document(
            self.mapping, self._kind, shard, segment.records, condition, segment.invocations, segment.answer,
            around.ids.uuid(), around.clock.now(),
        )  # fmt: skip
        event = payload(segment.records)
        around.messenger.send(
            failure_record.errand(sender, destination, self.mapping, shard, made, event, around.clock, around.ids), sent
        )
