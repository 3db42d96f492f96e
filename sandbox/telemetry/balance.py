"""Nothing is lost silently: for every source, accepted = processed + dead-lettered + dropped (with a reason) + pending."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.errors import InternalError


class Balance:
    """The books of one source. ``pending`` is counted by whoever holds the events, so that the two can disagree and be caught."""

    __slots__ = ("accepted", "dead_lettered", "dropped", "name", "processed")

    def __init__(self, name: str) -> None:
        self.name = name
        self.accepted = 0
        self.processed = 0
        self.dead_lettered = 0
        self.dropped: Counter[str] = Counter()

    @property
    def settled(self) -> int:
        return self.processed + self.dead_lettered + self.dropped.total()

    def report(self, pending: int) -> dict[str, Any]:
        return {
            "source": self.name,
            "accepted": self.accepted,
            "processed": self.processed,
            "dead_lettered": self.dead_lettered,
            "dropped": dict(sorted(self.dropped.items())),
            "pending": pending,
            "balanced": self.accepted == self.settled + pending,
        }

    def check(self, pending: int) -> None:
        """Raises InternalError when an event went missing or was counted twice."""
        if self.accepted != self.settled + pending:
            raise InternalError(f"the books do not balance: {self.text(pending)}")

    def text(self, pending: int) -> str:
        """One line for people, such as ``async: 5 accepted = 3 processed + 0 dead-lettered + 1 dropped (…) + 1 pending``."""
        reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(self.dropped.items()))
        dropped = f"{self.dropped.total()} dropped" + (f" ({reasons})" if reasons else "")
        kept = f"{self.processed} processed + {self.dead_lettered} dead-lettered"
        return f"{self.name}: {self.accepted} accepted = {kept} + {dropped} + {pending} pending"

    def clear(self) -> None:
        self.accepted = self.processed = self.dead_lettered = 0
        self.dropped.clear()
