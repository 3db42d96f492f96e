from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest

from sandbox.clock import Clock
from sandbox.control import driver as driver_module
from sandbox.control.driver import Driver
from sandbox.errors import LearnerError


class Scene:
    """A driver with a pretended event loop, running functions and waiting requests."""

    def __init__(self, *, looped: bool = True, virtual: bool = True) -> None:
        self.clock = Clock(virtual=virtual, start=1000.0)
        self.busy = 0
        self.waiting = 0
        self.queue: deque[Callable[[], None]] = deque()
        self.driver = Driver(self.clock, lambda: self.busy, lambda: self.waiting, self.queue.append if looped else None)
        self.seen: list[str] = []
        self.arrived: list[bool] = []

    def at(self, seconds: float, name: str, *, background: bool = False) -> None:
        self.clock.call_later(seconds, lambda: self.seen.append(name), name, background=background)

    def turn(self) -> None:
        while self.queue:
            self.queue.popleft()()


def test_advancing_fires_what_is_due_in_order_and_moves_exactly_that_far() -> None:
    scene = Scene()
    scene.at(20, "late")
    scene.at(5, "early")
    scene.at(90, "not yet")
    scene.driver.advance(60, scene.arrived.append)
    assert (scene.seen, scene.arrived, scene.clock.now()) == (["early", "late"], [True], 1060.0)


def test_between_two_timers_running_functions_are_waited_for() -> None:
    scene = Scene()

    def start() -> None:
        scene.seen.append("started")
        scene.busy = 1

    scene.clock.call_later(1, start, "function")
    scene.at(2, "after")
    scene.driver.advance(10, scene.arrived.append)
    scene.turn()
    assert (scene.seen, scene.arrived) == (["started"], [])
    scene.busy = 0
    scene.driver.at_rest()
    assert scene.arrived == [], "the loop finishes what it is doing first"
    scene.turn()
    assert (scene.seen, scene.arrived) == (["started", "after"], [True])


def test_quiet_is_reached_when_nothing_but_background_timers_is_left() -> None:
    scene = Scene()
    scene.at(60, "retry")
    scene.at(30, "reap", background=True)
    scene.at(600, "reap again", background=True)
    scene.driver.until_quiet(scene.arrived.append)
    assert (scene.seen, scene.arrived, scene.driver.quiet) == (["reap", "retry"], [True], True)
    assert scene.clock.now() == 1060.0


def test_an_account_that_never_rests_is_told_so() -> None:
    scene = Scene()

    def again() -> None:
        scene.clock.call_later(3600, again, "every hour")

    again()
    scene.driver.until_quiet(scene.arrived.append)
    assert scene.arrived == [False]


def test_timers_without_end_at_one_moment_do_not_hang_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_module, "TIMERS_MAX", 1000)
    scene = Scene()

    def again() -> None:
        scene.clock.call_later(0, again, "now and now")

    again()
    scene.driver.advance(1, scene.arrived.append)
    assert scene.arrived == [True]


def test_a_held_request_makes_virtual_time_pass() -> None:
    scene = Scene()
    scene.waiting = 1

    def answer() -> None:
        scene.waiting = 0
        scene.seen.append("answered")

    scene.clock.call_later(20, answer, "long poll", background=True)
    scene.at(10, "on the way")
    scene.at(30, "later")
    scene.driver.nudge()
    scene.turn()
    assert (scene.seen, scene.clock.now()) == (["on the way", "answered"], 1020.0)


def test_time_does_not_jump_while_a_function_runs_or_nobody_waits() -> None:
    scene = Scene()
    scene.at(10, "timer")
    scene.driver.nudge()
    scene.waiting, scene.busy = 1, 1
    scene.driver.nudge()
    scene.turn()
    assert scene.seen == []


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e12])
def test_nonsense_distances_are_refused(seconds: float) -> None:
    with pytest.raises(LearnerError, match="advances by 0 to"):
        Scene().driver.advance(seconds, lambda _: None)


def test_real_time_is_moved_and_runs_on_from_there() -> None:
    scene = Scene(virtual=False)
    scene.at(60, "retry")
    before = scene.clock.now()
    scene.busy = 1
    scene.driver.advance(3600, scene.arrived.append)
    assert (scene.seen, scene.clock.virtual) == ([], True), "it stands still while a function runs"
    scene.busy = 0
    scene.driver.at_rest()
    scene.turn()
    assert (scene.seen, scene.arrived, scene.clock.virtual) == (["retry"], [True], False)
    assert 3600 <= scene.clock.now() - before < 3660


def test_two_journeys_at_once_are_refused() -> None:
    scene = Scene()
    scene.busy = 1
    scene.driver.advance(1, scene.arrived.append)
    with pytest.raises(LearnerError, match="already"):
        scene.driver.until_quiet(scene.arrived.append)


def test_a_reset_ends_a_journey() -> None:
    scene = Scene()
    scene.busy = 1
    scene.driver.advance(1, scene.arrived.append)
    scene.driver.reset()
    assert scene.arrived == [False]
    scene.busy = 0
    scene.driver.at_rest()
    scene.turn()
    assert scene.arrived == [False]


def test_a_call_is_not_held_for_days_by_work_that_takes_longer_than_its_own_next_turn() -> None:
    scene = Scene(looped=False)

    def work_for_a_minute() -> None:
        scene.clock.call_later(15, work_for_a_minute, "visible again")
        scene.clock.move_to(scene.clock.now() + 60)

    scene.clock.call_later(0, work_for_a_minute, "batch")
    scene.driver.run_due()
    assert scene.clock.now() - 1000 <= driver_module.CALL_S_MAX + 60
    assert scene.clock.next_due() is not None, "it goes on at the next call"
