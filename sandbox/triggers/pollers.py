"""All event source mappings that are read, and what wakes them: nothing here looks at a source without a reason."""

from __future__ import annotations

from collections import deque
from collections.abc import Set
from typing import Any

from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.triggers.dynamodb_streams import DYNAMODB
from sandbox.triggers.kinesis import KINESIS
from sandbox.triggers.mapping_reader import MappingReader
from sandbox.triggers.queue_poller import QueuePoller
from sandbox.triggers.source import Surroundings
from sandbox.triggers.stream_poller import StreamPoller

_CLOSED_MAX = 100  # books of deleted mappings that are still shown
_STREAMS = {"kinesis": KINESIS, "dynamodb": DYNAMODB}


class Pollers:
    """Sources of other kinds (Kafka, MQ, DocumentDB) are stored and not read."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._readers: dict[str, MappingReader] = {}  # by mapping
        self._closed: deque[MappingReader] = deque(maxlen=_CLOSED_MAX)

    def hear(self, mapping: EventSourceMapping) -> None:
        """A mapping was made, changed or deleted."""
        reader = self._readers.get(mapping.uuid)
        if mapping.state == "Deleting":
            if reader is not None:
                del self._readers[mapping.uuid]
                reader.close()
                self._closed.append(reader)
        elif reader is not None:
            reader.change(mapping)
        else:
            made = self._reader(mapping)
            if made is not None:
                self._readers[mapping.uuid] = made
                made.change(mapping)

    def wake(self, service: str, account_id: str, region: str, names: Set[str], cause: int) -> None:
        """Something may have arrived: ``names`` are of queues, streams or tables, empty for all of that service."""
        for reader in self._of(service, account_id, region, names):
            reader.wake(cause)

    def resharded(self, account_id: str, region: str, name: str) -> None:
        """A Kinesis stream has other shards than before, once the call that did it has been answered."""
        for reader in self._of("kinesis", account_id, region, frozenset((name,))):
            if isinstance(reader, StreamPoller):
                self._around.clock.call_later(0.0, reader.find_shards, f"find shards for {reader.name}")

    def balance(self) -> list[dict[str, Any]]:
        return [reader.report() for reader in (*self._closed, *self._readers.values())]

    def clear(self) -> None:
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
        self._closed.clear()

    def _of(self, service: str, account_id: str, region: str, names: Set[str]) -> list[MappingReader]:
        found = []
        for reader in self._readers.values():
            parts = reader.mapping.source_arn.split(":", 5)
            name = parts[5].split("/")[1] if "/" in parts[5] else parts[5]
            if parts[2:5] == [service, region, account_id] and (not names or name in names):
                found.append(reader)
        return found

    def _reader(self, mapping: EventSourceMapping) -> MappingReader | None:
        service = mapping.source_arn.split(":", 5)[2] if mapping.source_arn else ""
        if service == "sqs":
            return QueuePoller(mapping, self._around)
        kind = _STREAMS.get(service)
        return StreamPoller(mapping, self._around, kind) if kind is not None else None
