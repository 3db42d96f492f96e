"""Tests are handed out by places that exist: a renamed file would quietly keep one process busy while the other waits."""

from __future__ import annotations

from pathlib import Path

from tests.places import SLOW_FIRST, SPREAD, turn_of, unit_of

ROOT = Path(__file__).parents[2]


def test_every_place_that_is_named_is_there() -> None:
    assert [place for place in (*SPREAD, *SLOW_FIRST) if not (ROOT / place).exists()] == []


def test_a_file_stays_together_unless_its_tests_are_spread() -> None:
    assert unit_of("tests/tidy/test_places.py::test_x[a]") == "tests/tidy/test_places.py"
    assert unit_of("tests/content/test_labs.py::test_x[a]") == "tests/content/test_labs.py::test_x[a]"


def test_slow_places_come_first() -> None:
    turns = [turn_of(f"{place}x") for place in (*SLOW_FIRST, "tests/sandbox/")]
    assert turns == sorted(set(turns))
