"""Answers are marked as a fair person would: right, partly right, and told why not."""

from __future__ import annotations

import pytest

from autograder.quiz import mark

MULTIPLE = """
type: multiple
choices:
- {text: A, why: A is right., correct: true}
- {text: B, why: B is right., correct: true}
- {text: C, why: C is not.}
- {text: D, why: D is not.}
"""
ORDER = "type: order\nsteps: [{text: A, why: First.}, {text: B, why: Then.}, {text: C, why: Last.}]\n"
MATCH = "type: match\npairs: [{left: A, right: X, why: A-X.}, {left: B, right: Y, why: B-Y.}]\nextra: [Z]\n"
NUMERIC = "type: numeric\nanswer: 50\nderived: true\nunit: s\nwhy: So.\ntolerance: 2\nmistakes: [{value: 5, why: Ten times.}]\n"


@pytest.mark.parametrize(
    ("taken", "right", "share"),
    [(["a", "b"], True, 1), (["a"], False, 0.5), (["a", "c"], False, 0), (["a", "b", "c"], False, 0.5), (["c", "d"], False, 0)],
)
def test_wrong_choices_take_away_what_right_ones_gave_and_never_more(read, taken, right, share):
    marked = mark(read(MULTIPLE), taken)
    assert (marked.right, marked.share) == (right, share)


def test_every_choice_that_was_taken_is_explained(read):
    assert mark(read(MULTIPLE), ["a", "d"]).says == ("A is right.", "D is not.")


@pytest.mark.parametrize(
    ("given", "right"), [(50, True), ("52", True), (47.9, False), ("1,050", False), ("50,0", True), (5e-7, False)]
)
def test_a_number_is_right_within_its_tolerance(read, given, right):
    assert mark(read(NUMERIC), given).right is right


def test_a_known_mistake_is_explained(read):
    assert mark(read(NUMERIC), 5).says == ("Ten times.",)


def test_steps_count_that_stand_in_their_place(read):
    marked = mark(read(ORDER), ["a", "c", "b"])
    assert (marked.right, marked.share, marked.says) == (False, 1 / 3, ("Then.", "Last."))
    assert mark(read(ORDER), ["a", "b", "c"]).right


def test_pairs_count_that_belong_together(read):
    marked = mark(read(MATCH), {"A": "X", "B": "Z"})
    assert (marked.right, marked.share, marked.says) == (False, 0.5, ("B-Y.",))


@pytest.mark.parametrize(
    ("body", "answer"),
    [(MULTIPLE, ["z"]), (ORDER, ["a", "a", "b"]), (ORDER, "abc"), (MATCH, ["X"]), (NUMERIC, "many"), (NUMERIC, True)],
)
def test_an_answer_of_another_form_is_refused(read, body, answer):
    with pytest.raises(ValueError, match=r"."):
        mark(read(body), answer)
