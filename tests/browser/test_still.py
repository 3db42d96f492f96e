"""A page does not move when its questions and maps come alive: they take their room before that."""

from __future__ import annotations

import pytest

MOVED_PX = 2  # code in a line of a match stands a hair higher than in its label
PAGES = ("events/quiz.html", "security/quiz.html", "architecture/quiz.html", "index.html", "practice/labs.html")


@pytest.fixture(scope="module")
def seen(drive):
    return drive("still.mjs", *PAGES)


def test_questions_and_maps_are_as_high_before_their_script_as_after(seen):
    moved = {
        (place, name): heights
        for place, parts in seen.items()
        for name, heights in parts.items()
        if name != "wide" and (heights[0] is None or abs(heights[0] - heights[1]) > MOVED_PX)
    }
    assert moved == {}


def test_every_line_that_can_be_chosen_fits_its_box_on_a_wide_screen(seen):
    assert {place: parts["wide"][1] for place, parts in seen.items() if place.endswith("1280") and parts["wide"][1]} == {}


def test_every_kind_of_page_was_measured(seen):
    assert len(seen) == 2 * len(PAGES)
    assert all(set(parts) - {"wide"} for parts in seen.values())
