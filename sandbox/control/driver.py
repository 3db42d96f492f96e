"""Moves the account's clock: fires what is due, in order, and waits for running functions between two timers.

A clock that runs stands still while it is moved, and runs on from where it came to.

A caller that waits makes time pass: while a request is held only by a timer (an injected latency, a long poll), virtual time
jumps to it, because whoever waits for the answer cannot advance the clock. Nothing here polls; the invoker says when it rests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sandbox.clock import Clock
from sandbox.errors import LearnerError

ADVANCE_S_MAX = 366 * 86_400.0
QUIET_HORIZON_S = 14 * 86_400.0  # further than any retry, retention or visibility timeout reaches
TIMERS_MAX = 1_000_000
DUE_MAX = 100_000  # fired at one moment: a loop that takes no time must not hold the caller for ever
CALL_S_MAX = 3_600.0  # inline functions take account time: one slower than its queue hides a message would hold a call for days

Later = Callable[[Callable[[], None]], object]
Arrived = Callable[[bool], None]


class Wakeup(Protocol):
    """An event loop's timer handle."""

    def cancel(self) -> None: ...


class Driver:
    """``busy`` counts running functions, ``waiting`` requests without an answer. ``later`` defers to the event loop; without one
    (in process) everything is synchronous and nothing is ever busy between two calls."""

    def __init__(self, clock: Clock, busy: Callable[[], int], waiting: Callable[[], int], later: Later | None = None) -> None:
        self.clock = clock
        self._busy = busy
        self._waiting = waiting
        self._later = later
        self._journey: _Journey | None = None
        self._scheduled = False
        self._firing = False

    # -- for the edges

    def run_due(self) -> None:
        """Fire what is due now; a journey under way does that itself, and so does whoever is at it already: an inline function's
        own call must not run other functions in the middle of it."""
        if self._journey is not None or self._firing:
            return
        self._firing = True
        try:
            end = self.clock.now() + CALL_S_MAX
            for _ in range(DUE_MAX):
                if self.clock.now() > end or not self.clock.run_next(self.clock.now()):
                    break
        finally:
            self._firing = False

    def at_rest(self) -> None:
        """No function is running any more: a journey may go on, a held request may need the clock."""
        self.nudge()

    def nudge(self) -> None:
        """Look again once the loop has done what it is doing."""
        if self._later is not None and not self._scheduled and (self._journey is not None or self._is_held()):
            self._scheduled = True
            self._later(self._look)

    # -- for the control channel

    def advance(self, seconds: float, arrived: Arrived) -> None:
        """``arrived(True)`` when that much time has passed and everything due in it has run."""
        if not 0 <= seconds <= ADVANCE_S_MAX:
            raise LearnerError(f"The clock advances by 0 to {ADVANCE_S_MAX:g} seconds, not by {seconds:g}.")
        self._depart(_Journey(self.clock.now() + seconds, arrived, to_quiet=False))

    def until_quiet(self, arrived: Arrived) -> None:
        """``arrived(True)`` when nothing is running or due that keeps the account busy; False when that has no end in sight."""
        self._depart(_Journey(self.clock.now() + QUIET_HORIZON_S, arrived, to_quiet=True))

    @property
    def travels(self) -> bool:
        """Whether a journey is under way; the clock's ``on_change`` is told of its end."""
        return self._journey is not None

    @property
    def quiet(self) -> bool:
        return not self._busy() and self.clock.next_due(background=False) is None

    def reset(self) -> None:
        """Whoever is on a journey is told that it ended early."""
        journey, self._journey = self._journey, None
        if journey is not None:
            self.clock.changed()
            journey.arrived(False)  # noqa: FBT003  # the callback's only argument

    # -- inside

    def _depart(self, journey: _Journey) -> None:
        if self._journey is not None:
            raise LearnerError("The clock is being advanced already; wait for that to end.")
        self._journey = journey
        journey.runs_on = not self.clock.virtual
        if journey.runs_on:
            self.clock.set_virtual(True)
        self._go_on()

    def _look(self) -> None:
        self._scheduled = False
        if self._journey is not None:
            self._go_on()
        elif self._is_held():
            due = self.clock.next_due()
            if due is not None:
                self.clock.run_next(due)
                self.nudge()

    def _is_held(self) -> bool:
        return self.clock.virtual and self._waiting() > 0 and not self._busy() and self.clock.next_due() is not None

    def _go_on(self) -> None:
        journey = self._journey
        while journey is not None and journey is self._journey:
            if self._busy():
                return  # at_rest() comes
            journey.fired += 1
            if journey.fired > TIMERS_MAX or self._is_over(journey):
                self._arrive(journey)
            else:
                self.clock.run_next(journey.until)

    def _is_over(self, journey: _Journey) -> bool:
        due = self.clock.next_due(background=not journey.to_quiet)
        return due is None or due > journey.until

    def _arrive(self, journey: _Journey) -> None:
        self._journey = None
        if not journey.to_quiet and self.clock.virtual and self.clock.now() < journey.until:
            self.clock.move_to(journey.until)
        if journey.runs_on:
            self.clock.set_virtual(False)
        self.clock.changed()
        journey.arrived(self.quiet if journey.to_quiet else True)


class _Journey:
    __slots__ = ("arrived", "fired", "runs_on", "to_quiet", "until")

    def __init__(self, until: float, arrived: Arrived, *, to_quiet: bool) -> None:
        self.until = until
        self.to_quiet = to_quiet
        self.arrived = arrived
        self.fired = 0
        self.runs_on = False
