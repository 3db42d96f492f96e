"""Roles become words: in hints, tasks, questions and notebooks, and in what a check says."""

from __future__ import annotations

import pytest

from autograder.checks.marks import mark_of, points
from autograder.errors import LabError
from autograder.plain import fact_words, limit_words, plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at most {limit}`timeout_s.max`", "at most 900 s"),
        ("{fact}`six megabytes <Q-08>`", "six megabytes"),
        ("{example}`200 ms` is short", "200 ms is short"),
        ("`code` stays", "`code` stays"),
        ('as does {"key": "value"}', 'as does {"key": "value"}'),
    ],
)
def test_texts_lose_their_roles_and_keep_their_words(text, words):
    assert plain(text) == words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{fact}`Q-99`", "no fact 'Q-99'"),
        ("{fact}`7 MB <Q-08>`", "fact Q-08 does not say 7: it says '6 MB"),
        ("{fact}`seven megabytes <Q-08>`", "fact Q-08 does not say 7"),
        ("{fact}`so they say <E-06>`", "no fact 'E-06' in sandbox/facts.toml that may be taught"),
        ("{limit}`timeout_s.most`", "timeout_s has no most"),
        ("{term}`x`", "role {term} is not known here"),
    ],
)
def test_what_the_facts_do_not_hold_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        plain(text)


def test_a_check_says_facts_and_limits_by_name():
    assert f"advised is {fact_words('S-08', 'six times')} as long" == "advised is six times as long"
    assert (fact_words("Q-05"), limit_words("timeout_s")) == ("4 KB", "3 s")


def test_the_hint_of_a_check_carries_roles():
    @points(1, "function", hint="After {limit}`timeout_s` it is over.", topic="m1-t3")
    def test_it(): ...

    assert mark_of(test_it).hint == "After 3 s it is over."
    with pytest.raises(LabError, match="no limit 'timeout'"):
        points(1, "function", hint="After {limit}`timeout` it is over.", topic="m1-t3")
