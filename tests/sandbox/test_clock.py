"""One clock: order of timers, virtual time that only runs forward, what counts as busy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import Clock


def run_until(clock: Clock, until: float) -> None:
    while clock.run_next(until):
        pass
    clock.move_to(until)


def test_virtual_time_stands_still_until_it_is_moved() -> None:
    clock = Clock(virtual=True, start=1000.0)
    assert clock.now() == clock.now() == 1000.0
    clock.move_to(1060.0)
    assert clock.now_ms() == 1_060_000


def test_a_timer_fires_at_its_time_and_sees_that_time() -> None:
    clock = Clock(virtual=True, start=0.0)
    seen: list[float] = []
    clock.call_later(60, lambda: seen.append(clock.now()), "retry")
    run_until(clock, 59.9)
    assert seen == []
    run_until(clock, 120)
    assert seen == [60.0]


@given(st.lists(st.integers(0, 5), max_size=20))
def test_timers_fire_by_due_time_and_then_by_creation(delays: list[int]) -> None:
    clock = Clock(virtual=True, start=0.0)
    fired: list[tuple[int, int]] = []
    for index, delay in enumerate(delays):
        clock.call_later(delay, lambda row=(delay, index): fired.append(row), "t")  # type: ignore[misc]
    run_until(clock, 10)
    assert fired == sorted((delay, index) for index, delay in enumerate(delays))


def test_a_timer_may_set_another_one_that_is_due_at_once() -> None:
    clock = Clock(virtual=True, start=0.0)
    fired: list[str] = []
    clock.call_later(1, lambda: clock.call_later(0, lambda: fired.append("second"), "b"), "a")
    run_until(clock, 1)
    assert fired == ["second"]


def test_a_cancelled_timer_neither_fires_nor_counts() -> None:
    clock = Clock(virtual=True, start=0.0)
    timer = clock.call_later(1, lambda: pytest.fail("fired"), "t")
    timer.cancel()
    timer.cancel()
    assert clock.next_due() is None
    run_until(clock, 2)


def test_background_timers_do_not_keep_an_account_busy() -> None:
    clock = Clock(virtual=True, start=0.0)
    clock.call_later(5, lambda: None, "reap", background=True)
    assert clock.next_due(background=False) is None
    clock.call_later(9, lambda: None, "retry")
    assert (clock.next_due(), clock.next_due(background=False)) == (5.0, 9.0)


def test_a_late_timer_does_not_turn_time_back() -> None:
    clock = Clock(virtual=True, start=100.0)
    clock.call_at(50.0, lambda: None, "overdue")
    assert clock.run_next(until=100.0)
    assert clock.now() == 100.0


def test_the_past_and_a_running_clock_are_refused() -> None:
    with pytest.raises(ValueError, match="forward only"):
        Clock(virtual=True, start=10.0).move_to(9.0)
    with pytest.raises(ValueError, match="stop it first"):
        Clock().move_to(0.0)


def test_time_runs_on_from_where_it_was_moved_to(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = [1000.0]
    monkeypatch.setattr("sandbox.clock.time.time", lambda: machine[0])
    clock = Clock()
    clock.set_virtual(True)
    clock.move_to(1060.0)
    machine[0] = 1010.0
    assert clock.now() == 1060.0
    clock.set_virtual(False)
    machine[0] = 1011.0
    assert (clock.now(), clock.is_the_machines) == (1061.0, False)
    clock.restart(virtual=False, start=None)
    assert (clock.now(), clock.is_the_machines) == (1011.0, True)


def test_a_clock_that_stood_still_catches_up_with_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.clock.time.time", lambda: 2000.0)
    clock = Clock(virtual=True, start=1000.0)
    clock.set_virtual(False)
    assert (clock.now(), clock.is_the_machines) == (2000.0, True)


def test_a_listener_hears_of_every_new_timer() -> None:
    clock = Clock(virtual=True)
    heard: list[str] = []
    clock.on_change = lambda: heard.append("changed")
    clock.call_later(1, lambda: None, "t")
    assert heard == ["changed"]
