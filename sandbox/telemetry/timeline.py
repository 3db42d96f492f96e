"""What happened in an account and why: every call, event, attempt, retry and state change with the entry that caused it.

"Why did nothing happen?" is answered by the last entry of a chain. ``timeline_picture`` draws it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from sandbox.clock import Clock
from sandbox.telemetry import timeline_picture

ENTRIES_MAX = 20_000
PICTURE_ENTRIES_MAX = 400


class Entry(NamedTuple):
    """``cause`` is the id of the entry this one follows from, 0 for none."""

    id: int
    at_ms: int
    kind: str
    title: str
    cause: int
    detail: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return self._asdict()


class Timeline:
    """The newest ``limit`` entries; older ones are dropped and counted. Ids run on from 1."""

    def __init__(self, clock: Clock, limit: int = ENTRIES_MAX) -> None:
        self._clock = clock
        self._entries: deque[tuple[int, int, str, str, int, dict[str, Any]]] = deque(maxlen=limit)
        self.total = 0

    @property
    def dropped(self) -> int:
        return self.total - len(self._entries)

    def add(self, kind: str, title: str, *, cause: int = 0, **detail: Any) -> int:
        """``detail`` must be JSON; it is kept as it is. Returns the entry's id, to be passed on as ``cause``."""
        self.total = number = self.total + 1
        self._entries.append((number, self._clock.now_ms(), kind, title, cause, detail))
        return number

    def since(self, number: int = 0, *, kind: str = "", limit: int = 1_000) -> list[Entry]:
        """Entries after ``number``, oldest first, at most ``limit``."""
        return list(islice((entry for entry in self if entry.id > number and (not kind or entry.kind == kind)), limit))

    def chain(self, number: int) -> list[Entry]:
        """An entry and what led to it, first cause first; causes that have been dropped are missing."""
        by_id = {entry.id: entry for entry in self}
        found: list[Entry] = []
        while number in by_id:
            entry = by_id[number]
            found.append(entry)
            number = entry.cause if entry.cause < entry.id else 0
        return found[::-1]

    def render_svg(self, entries_max: int = PICTURE_ENTRIES_MAX) -> str:
        """The newest entries as one self-contained picture with a title and a text description."""
        return timeline_picture.svg(self._newest(entries_max))

    def render_html(self, entries_max: int = PICTURE_ENTRIES_MAX) -> str:
        """A self-contained page: the picture and the same as a table; nothing is fetched, everything is escaped."""
        newest = self._newest(entries_max)
        return timeline_picture.html(newest, left_out=self.total - len(newest))

    def __iter__(self) -> Iterator[Entry]:
        return map(Entry._make, self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        self._entries.clear()
        self.total = 0

    def _newest(self, count: int) -> list[timeline_picture.Row]:
        start = max(0, len(self._entries) - count)
        return [timeline_picture.Row(*entry) for entry in islice(self, start, None)]
