"""A batch being gathered: full by count, by the 6 MB an invocation may carry, or by the time of its window (fact S-03)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import facts
from sandbox.triggers.source import Record

_FRAME_BYTES = 1_024  # the object around the records, tumbling window members included but for their state


def bytes_max() -> int:
    return facts.limit("sync_payload_bytes") - _FRAME_BYTES


class Batch:
    __slots__ = ("bytes", "deadline", "records", "size")

    def __init__(self, size: int, deadline: float) -> None:
        self.size = size
        self.deadline = deadline
        self.records: list[Record] = []
        self.bytes = 0

    def fits(self, record: Record) -> bool:
        return not self.records or (len(self.records) < self.size and self.bytes + record.size <= bytes_max())

    def add(self, record: Record) -> None:
        self.records.append(record)
        self.bytes += record.size

    def replace(self, record: Record) -> bool:
        """Put a newer copy in an older one's place; False when there is none."""
        for place, older in enumerate(self.records):
            if older.id == record.id:
                self.records[place] = record
                return True
        return False

    def ready(self, now: float) -> bool:
        return bool(self.records) and (len(self.records) >= self.size or now >= self.deadline)


def payload(records: Sequence[Record], more: Mapping[str, Any] | None = None) -> bytes:
    return encoded({"Records": [record.event for record in records], **(more or {})})


def encoded(document: Any) -> bytes:
    """Compact JSON, as Lambda hands events over."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
