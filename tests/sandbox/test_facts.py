"""The facts file: every number has a fact, every fact a source the file explains."""

from __future__ import annotations

import re

import pytest

from sandbox import facts


def test_every_number_names_a_fact_that_is_there() -> None:
    assert [row.name for row in facts.limits().values() if row.fact not in facts.facts()] == []


def test_every_fact_belongs_to_a_group_and_says_how_sure_it_is() -> None:
    for fact in facts.facts().values():
        assert fact.group in facts.groups(), fact.id
        assert fact.confidence in {"recorded", "documented", "excerpt", "unverified"}, fact.id
        assert fact.source, fact.id
        assert re.search(r"20\d\d", fact.as_of), fact.id


def test_no_enforced_number_rests_on_an_unverified_fact() -> None:
    shaky = [row.name for row in facts.limits().values() if facts.facts()[row.fact].confidence == "unverified"]
    assert shaky == []


@pytest.mark.parametrize("name", sorted(facts.limits()))
def test_a_default_lies_within_its_bounds(name: str) -> None:
    row = facts.limits()[name]
    if row.value is not None and row.min is not None:
        assert row.min <= row.value
    if row.value is not None and row.max is not None:
        assert row.value <= row.max


@pytest.mark.parametrize(
    ("words", "strange"),
    [
        ("six megabytes", set()),
        ("6 MB, or 6,291,456 bytes", set()),
        ("seven of 8 MB", {"7", "8"}),
        ("one of two ways", set()),
    ],
)
def test_words_may_hold_the_figures_of_their_fact_and_no_others(words: str, strange: set[str]) -> None:
    assert facts.strange_figures(words, facts.facts()["Q-08"]) == strange


def test_limits_read_as_whole_numbers_or_say_why_not() -> None:
    assert (facts.limit("timeout_s"), facts.default("timeout_s")) == (900, 3)
    with pytest.raises(KeyError, match="no whole number"):
        facts.limit("price_request_usd")
    with pytest.raises(KeyError):
        facts.limit("unheard_of")
    with pytest.raises(KeyError, match="no default"):
        facts.default("layers")
