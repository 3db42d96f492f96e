from __future__ import annotations

from collections.abc import Callable

from autograder.marking.job import Bench
from autograder.marking.repetition import repeat
from autograder.marking.roll import Handed

LEAKS = ("set", "folder", "temporary", "zone", "address", "before")


def test_whatever_a_report_must_not_depend_on_shows_when_it_is_repeated(
    bench: Bench, hand_in: Callable[..., list[Handed]], looked_at: Callable[[], list[str]]
) -> None:
    handed = hand_in(sound={}, **{name: {"leaks": name} for name in LEAKS})
    found = {one.name: one for one in repeat(bench, handed, times=3, places=2)}
    assert {name: one.times for name, one in found.items()} == dict.fromkeys(["sound", *LEAKS], 3)
    assert len(looked_at()) == 3 * len(found)
    assert [name for name, one in found.items() if len(one.texts) == 1] == ["sound"]
    assert found["sound"].difference == ""
    first, second = found["zone"].difference.splitlines()
    assert ("-" in first[:1], "256 px expected" in first, "+" in second[:1]) == (True, True, True)
