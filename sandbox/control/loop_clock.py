"""The clock's timers on an event loop: one loop timer, armed for whatever is due first."""

from __future__ import annotations

import asyncio

from sandbox.clock import Clock
from sandbox.control.driver import Driver

_FAR_S = 3_600.0  # re-armed at least this often, since a real clock may be set


class LoopClock:
    """Real time: the loop fires what is due. Virtual time: only what is due now; the driver moves the rest."""

    def __init__(self, clock: Clock, driver: Driver, loop: asyncio.AbstractEventLoop) -> None:
        self._clock = clock
        self._driver = driver
        self._loop = loop
        self._handle: asyncio.TimerHandle | asyncio.Handle | None = None
        self._armed_for = float("inf")
        clock.on_change = self._arm

    def close(self) -> None:
        self._clock.on_change = None
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _arm(self) -> None:
        due = self._clock.next_due()
        if due is None:
            return
        if self._handle is not None and self._armed_for <= due:
            return
        if self._handle is not None:
            self._handle.cancel()
        self._armed_for = due
        wait = due - self._clock.now()
        if wait <= 0:
            self._handle = self._loop.call_soon(self._fire)
        elif self._clock.virtual:
            self._handle, self._armed_for = None, float("inf")
        else:
            self._handle = self._loop.call_later(min(wait, _FAR_S), self._fire)

    def _fire(self) -> None:
        self._handle, self._armed_for = None, float("inf")
        self._driver.run_due()
        self._driver.nudge()
        self._arm()
