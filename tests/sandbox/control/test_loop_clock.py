"""The loop's timer: armed for what is due first, and by nobody while a journey fires what is due itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.control.driver import Driver
from sandbox.control.loop_clock import LoopClock


class Handle:
    def __init__(self, when: float) -> None:
        self._when = when
        self.cancelled = False

    def when(self) -> float:
        return self._when

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """An event loop that does nothing by itself; ``armed`` are the timers that would make it do something."""

    def __init__(self) -> None:
        self.handles: list[Handle] = []
        self.deferred: list[Callable[[], None]] = []

    def time(self) -> float:
        return 0.0

    def call_at(self, when: float, _action: Callable[[], None]) -> Handle:
        self.handles.append(Handle(when))
        return self.handles[-1]

    def turn(self) -> None:
        deferred, self.deferred = self.deferred, []
        for action in deferred:
            action()

    @property
    def armed(self) -> list[Handle]:
        return [handle for handle in self.handles if not handle.cancelled]


class Account:
    """A clock that stands at 1,000 s or runs, and functions that run until they are told to end."""

    def __init__(self, *, virtual: bool = True) -> None:
        self.running = 0
        self.loop: Any = Loop()
        self.clock = Clock(virtual=virtual, start=1_000.0 if virtual else None)
        self.driver = Driver(self.clock, lambda: self.running, lambda: 0, self.loop.deferred.append)
        self.loop_clock = LoopClock(self.clock, self.driver, self.loop)

    def run_function(self) -> None:
        self.running += 1
        self.clock.call_at(self.clock.now(), lambda: None, "due while it runs")

    def end_function(self) -> None:
        self.running -= 1
        self.driver.at_rest()
        self.loop.turn()


@pytest.fixture
def account() -> Account:
    return Account()


def test_the_loop_does_not_spin_while_a_function_runs_in_the_middle_of_a_journey(account: Account) -> None:
    account.clock.call_later(5, account.run_function, "start")
    arrived: list[bool] = []
    account.driver.advance(60, arrived.append)
    assert (account.clock.now(), account.running, arrived) == (1_005.0, 1, [])
    assert account.loop.armed == []
    account.end_function()
    assert (account.clock.now(), arrived) == (1_060.0, [True])


def test_a_journey_that_is_cut_short_leaves_what_is_due_to_the_loop(account: Account) -> None:
    account.clock.call_later(5, account.run_function, "start")
    arrived: list[bool] = []
    account.driver.advance(10, arrived.append)
    account.driver.reset()
    assert arrived == [False]
    assert [handle.when() for handle in account.loop.armed] == [0.0]


def test_what_a_journey_to_quiet_leaves_due_is_the_loops_to_fire(account: Account) -> None:
    later = account.clock.call_later

    def work() -> None:
        later(0, lambda: None, "keeps nobody busy", background=True)

    later(5, work, "work")
    arrived: list[bool] = []
    account.driver.until_quiet(arrived.append)
    assert arrived == [True]
    assert [handle.when() for handle in account.loop.armed] == [0.0]


def test_a_clock_that_runs_is_armed_again_once_it_was_moved() -> None:
    account = Account(virtual=False)
    account.clock.call_later(5_000, lambda: None, "later")
    account.driver.advance(10, lambda _whole: None)
    assert [handle.when() for handle in account.loop.armed] == [pytest.approx(3_600.0)]
