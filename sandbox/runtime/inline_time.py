"""Time as a function running inside the account's interpreter sees it.

With a virtual clock ``time.sleep`` moves the account's clock at once, and ``time.time``, ``monotonic``, ``perf_counter`` and
``datetime.now`` follow it (plus the real time spent, so that a loop waiting for the clock ends; the two that only run forward
keep what earlier invocations have spent). With a real clock sleeps are real. In both, a sleep ends at the function's deadline
with ``DeadlinePassed``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sandbox.clock import Clock
from sandbox.worker.shown_time import Reading, by_default_now, clocks, put, take_back

_NAMES = (
    *("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "sleep", "time", "time_ns"),
    *("gmtime", "localtime", "strftime"),
)
_REAL = {name: getattr(time, name) for name in _NAMES}
real_counter = time.perf_counter


class DeadlinePassed(BaseException):
    """The function's time is up. Not an ``Exception``, so that ``except Exception`` does not keep it running."""


class TimeView:
    """One invocation's time. ``remaining_s`` counts virtual time and ``counter``, the host's own, alike.

    ``skew_s`` is how far the function's own date is ahead; what is measured and logged is not touched.
    """

    def __init__(self, clock: Clock, timeout_s: float, counter: Callable[[], float] = real_counter, skew_s: float = 0.0) -> None:
        self.clock = clock
        self.virtual = clock.virtual
        self.expired = False
        self.skew_s = skew_s
        self.counter = counter
        self._real_start = counter()
        self._start = clock.now()
        self._timeout_s = timeout_s

    def now(self) -> float:
        """Epoch seconds."""
        return self.clock.now() + (self.counter() - self._real_start if self.virtual else 0.0)

    def elapsed_s(self) -> float:
        moved = self.clock.now() - self._start if self.virtual else 0.0
        return moved + self.counter() - self._real_start

    def remaining_s(self) -> float:
        return self._timeout_s - self.elapsed_s()

    def remaining_ms(self) -> int:
        return int(self.remaining_s() * 1000)

    def check(self) -> None:
        """Raise if the time is up."""
        if self.expired or self.remaining_s() <= 0:
            self.expired = True
            raise DeadlinePassed

    def sleep(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.check()
        rest = min(float(seconds), max(0.0, self.remaining_s()))
        if self.virtual:
            self.clock.move_to(self.clock.now() + rest)
        else:
            _REAL["sleep"](rest)
        if rest < seconds:
            self.expired = True
            raise DeadlinePassed


class TimePatches:
    """Stands in for the clock functions of ``time`` and for ``datetime.datetime`` while a function runs."""

    def __init__(self) -> None:
        self.view: TimeView | None = None
        self._spent_s = 0.0  # real time, over all invocations that have ended
        self._began = 0.0  # the counter when the outermost of those under way began
        self._before: dict[str, Any] = {}
        self._stand_ins = {
            "sleep": Reading(self._sleep),
            **clocks("time", lambda: self._read("time")),
            **clocks("monotonic", lambda: self._read("monotonic")),
            **clocks("perf_counter", lambda: self._read("perf_counter")),
            **by_default_now(lambda: self._read("time")),
        }

    def activate(self, view: TimeView) -> None:
        if self.view is None:  # what is there now comes back: a page's own sleep is no import-time original
            self._before = {name: getattr(time, name) for name in _NAMES}
            self._began = view.counter()
        self.view = view
        put(self._stand_ins)

    def deactivate(self) -> None:
        if self.view is not None:
            self._spent_s += self.view.counter() - self._began
            for name, before in self._before.items():
                setattr(time, name, before)
        self.view = None
        take_back()

    def sleep(self, seconds: float) -> None:
        """For code of ours that a function waits in: its time may end meanwhile."""
        self._sleep(seconds)

    def _read(self, name: str) -> float:
        """A function that kept a stand-in reads the real clock when it is not running."""
        view = self.view
        if view is None or not view.virtual:
            shown: float = _REAL[name]()
        elif name == "time":
            shown = view.now()
        else:
            shown = view.clock.now() + self._spent_s + view.counter() - self._began
        return shown + (view.skew_s if view is not None and name == "time" else 0.0)

    def _sleep(self, seconds: float) -> None:
        if self.view is None:
            _REAL["sleep"](seconds)
        else:
            self.view.sleep(seconds)


time_patches = TimePatches()
