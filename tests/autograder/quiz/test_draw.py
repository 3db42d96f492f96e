"""A draw is the same wherever it is made, another for each learner, and fair to the topics."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from autograder.quiz import draw, shuffled

ITEM = "type: numeric\nanswer: timeout_s.max\nunit: s\nwhy: So.\n"


@pytest.fixture
def items(read):
    item = read(ITEM)
    return [replace(item, id=f"item-{topic}-{number}", topic=f"m2-t{topic}") for topic in range(1, 5) for number in range(5)]


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_bank(items):
    assert draw(items, 6, "quiz/ada") == draw(items, 6, "quiz/ada")
    assert set(draw(items, 6, "quiz/ada")) == set(draw(items[::-1], 6, "quiz/ada"))


def test_another_learner_gets_another_draw(items):
    drawn = {tuple(item.id for item in draw(items, 6, f"quiz/{learner}")) for learner in "abcdefgh"}
    assert len(drawn) > 6


def test_topics_are_drawn_evenly(items):
    assert sorted(Counter(item.topic for item in draw(items, 6, "x")).values()) == [1, 1, 2, 2]


def test_nothing_is_drawn_twice_and_no_more_than_there_is(items):
    assert len({item.id for item in draw(items, 20, "x")}) == 20
    with pytest.raises(ValueError, match="21 items were asked for, and there are 20"):
        draw(items, 21, "x")


def test_shuffling_keeps_everything():
    assert sorted(shuffled([1, 2, 3], ["a", "b", "c"], "salt")) == [1, 2, 3]
