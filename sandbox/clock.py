"""One clock for the whole account: real or virtual, one interface (trio's ``MockClock`` and SimPy's heap are the models).

Every timer of the account asks this clock. In virtual time nothing moves until somebody advances it; timers then fire in order
of (due time, creation), so a run is the same every time. Real time passes by itself, and goes on from wherever virtual time
has been moved to: an account may be ahead of its machine. Where the account's time ends (learner code in a child process,
moto's own reads) is listed in ``docs/fidelity.md`` with a test for each border.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

Action = Callable[[], None]


class Timer:
    """A call that is due at ``when`` (epoch seconds). ``background`` timers do not keep an account from being quiet."""

    __slots__ = ("action", "background", "label", "when")

    def __init__(self, when: float, action: Action | None, label: str, background: bool) -> None:
        self.when = when
        self.action = action
        self.label = label
        self.background = background

    @property
    def pending(self) -> bool:
        return self.action is not None

    def cancel(self) -> None:
        """Idempotent; a cancelled timer is dropped when it reaches the top of the heap."""
        self.action = None


class Wake(Protocol):
    """Told when the earliest due time may have changed, so that an event loop can rearm its own timer."""

    def __call__(self) -> None: ...


class Clock:
    """Time and timers. Not thread-safe: it belongs to the thread that runs the account."""

    def __init__(self, *, virtual: bool = False, start: float | None = None) -> None:
        self.virtual = virtual
        self._virtual_now = time.time() if start is None else start
        self._ahead_s = 0.0
        self._heap: list[tuple[float, int, Timer]] = []
        self._sequence = itertools.count()
        self.on_change: Wake | None = None

    def now(self) -> float:
        """Epoch seconds."""
        return self._virtual_now if self.virtual else time.time() + self._ahead_s

    @property
    def is_the_machines(self) -> bool:
        """Whether it shows what the machine's own clock shows."""
        return not self.virtual and not self._ahead_s

    def now_ms(self) -> int:
        return int(self.now() * 1000)

    def datetime(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def call_at(self, when: float, action: Action, label: str, *, background: bool = False) -> Timer:
        timer = Timer(when, action, label, background)
        heapq.heappush(self._heap, (when, next(self._sequence), timer))
        self.changed()
        return timer

    def changed(self) -> None:
        """Whoever waits for the earliest timer looks anew."""
        if self.on_change is not None:
            self.on_change()

    def call_later(self, delay_s: float, action: Action, label: str, *, background: bool = False) -> Timer:
        return self.call_at(self.now() + delay_s, action, label, background=background)

    def next_due(self, *, background: bool = True) -> float | None:
        """When the earliest pending timer is due; with ``background=False`` only timers that keep the account busy count."""
        self._drop_cancelled()
        if background:
            return self._heap[0][0] if self._heap else None
        return min((when for when, _, timer in self._heap if timer.pending and not timer.background), default=None)

    def run_next(self, until: float) -> bool:
        """Fire the earliest timer due at or before ``until`` (moving virtual time to it); False if there is none."""
        self._drop_cancelled()
        if not self._heap or self._heap[0][0] > until:
            return False
        when, _, timer = heapq.heappop(self._heap)
        if self.virtual:
            self._virtual_now = max(self._virtual_now, when)
        action, timer.action = timer.action, None
        if action is not None:
            action()
        return True

    def move_to(self, when: float) -> None:
        """Set virtual time forward without firing anything; the past is refused."""
        if not self.virtual:
            raise ValueError("a clock that runs cannot be moved; stop it first")
        if when < self._virtual_now:
            raise ValueError(f"time runs forward only: {when} is before {self._virtual_now}")
        self._virtual_now = when

    @staticmethod
    def wall() -> float:
        """The host's own time, whatever this clock says: what a client outside signs its requests by."""
        return time.time()

    def set_virtual(self, virtual: bool) -> None:
        """Stop, or run on from here; a virtual clock that has fallen behind the machine's catches up at once."""
        now = self.now()
        self.virtual = virtual
        self._virtual_now = now
        self._ahead_s = 0.0 if virtual else max(0.0, now - time.time())
        self.changed()

    def restart(self, *, virtual: bool, start: float | None) -> None:
        """As new: no timers, and the time it was made with (a reset of the account)."""
        self._heap.clear()
        self.virtual = virtual
        self._ahead_s = 0.0
        self._virtual_now = time.time() if start is None else start
        self.changed()

    def wait_next(self) -> bool:
        """Fire the earliest timer: virtual time jumps to it, real time is slept away. False if there is none."""
        due = self.next_due()
        if due is None:
            return False
        if not self.virtual:
            time.sleep(max(0.0, due - self.now()))
        return self.run_next(max(due, self.now()))

    def pending(self) -> list[Timer]:
        """Pending timers, earliest first."""
        return [timer for _, _, timer in sorted(self._heap, key=lambda row: row[:2]) if timer.pending]

    def clear(self) -> None:
        self._heap.clear()

    def _drop_cancelled(self) -> None:
        while self._heap and not self._heap[0][2].pending:
            heapq.heappop(self._heap)
