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
        self._handle: asyncio.TimerHandle | None = None
        clock.on_change = self._arm

    def close(self) -> None:
        self._clock.on_change = None
        self._disarm()

    def _arm(self) -> None:
        if self._driver.travels:  # it fires what is due itself, between two functions: a timer here would spin while one runs
            self._disarm()
            return
        due = self._clock.next_due()
        wait = due - self._clock.now() if due is not None else float("inf")
        if due is None or (wait > 0 and self._clock.virtual):
            self._disarm()
            return
        when = self._loop.time() + min(max(wait, 0.0), _FAR_S)
        if self._handle is not None and self._handle.when() <= when:
            return
        self._disarm()
        self._handle = self._loop.call_at(when, self._fire)

    def _disarm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._handle = None
        self._driver.run_due()
        self._driver.nudge()
        self._arm()
