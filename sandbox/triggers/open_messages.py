"""A mapping's messages that are received and not yet settled, so that the books know what became of each one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sandbox.telemetry.balance import Balance
from sandbox.triggers.source import Record, Sources


class OpenMessages:
    """A message counts as accepted when it is received first; receiving it again changes nothing. ``moved`` hears how many
    were found to have gone to the dead-letter queue.
    """

    def __init__(self, queue_arn: str, sources: Sources, books: Balance, moved: Callable[[int], None]) -> None:
        self._queue_arn = queue_arn
        self._sources = sources
        self._books = books
        self._moved = moved
        self._open: dict[str, bool] = {}  # id: whether it was given back to the queue

    def __len__(self) -> int:
        return len(self._open)

    def take(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.id not in self._open:
                self._books.accepted += 1
            self._open[record.id] = False

    def give_back(self, ids: Iterable[str]) -> None:
        for message in ids:
            if message in self._open:
                self._open[message] = True

    def close(self, ids: Iterable[str], reason: str) -> None:
        """Deleted by us: processed, or dropped for a reason."""
        for message in ids:
            if self._open.pop(message, None) is None:
                continue
            if reason:
                self._books.dropped[reason] += 1
            else:
                self._books.processed += 1

    def settle(self) -> None:
        """Find out about those that were given back: still there, moved, or gone (expired, purged, taken by somebody else)."""
        given_back = [message for message, back in self._open.items() if back]
        if not given_back:
            return
        moved = 0
        for message, fate in self._sources.fates(self._queue_arn, given_back).items():
            if fate == "queued":
                continue
            del self._open[message]
            if fate == "dead_lettered":
                self._books.dead_lettered += 1
                moved += 1
            else:
                self._books.dropped["gone from the queue"] += 1
        if moved:
            self._moved(moved)

    def abandon(self, reason: str, everything: bool) -> None:
        """Nobody will look after them any more; those under way are left unless ``everything`` is."""
        self.settle()
        for message in [message for message, back in self._open.items() if back or everything]:
            del self._open[message]
            self._books.dropped[reason] += 1
