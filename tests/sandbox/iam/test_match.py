from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.iam import match


def resolve(pattern: str, **values: str) -> tuple[match.Token, ...] | None:
    return match.resolve(match.tokens(pattern, variables=True), lambda name: values.get(name.replace(":", "_")))


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("*", "", True),
        ("a*c", "abc", True),
        ("a*c", "ac", True),
        ("a*c", "abd", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*a*b*", "xxaxxbxx", True),
        ("*a*b*", "xxbxxaxx", False),
        ("ab*ba", "aba", False),
        ("?*?", "a", False),
        ("?*?", "ab", True),
        ("a.c", "abc", False),
        ("(a|b)+", "(a|b)+", True),
        ("*??x", "aabx", True),
        ("**", "anything", True),
        ("a*?", "a", False),
        ("a\nb*", "a\nbc", True),
    ],
)
def test_a_glob_matches_whole_texts_with_star_and_question_mark_only(pattern: str, text: str, wanted: bool) -> None:
    assert match.glob_of(pattern)(text) is wanted


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=10))
def test_globs_agree_with_fnmatch(pattern: str, text: str) -> None:
    assert match.glob_of(pattern)(text) == fnmatch.fnmatchcase(text, pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "*" * 500,
        "*a" * 500,
        "a*" * 500 + "b",
        "?*" * 500,
        "*?" * 250 + "b",
        "*" + "?" * 1000 + "b*",
        ("a?" * 20 + "*") * 50 + "c",
    ],
)
def test_a_hostile_pattern_costs_no_more_than_an_honest_one(pattern: str) -> None:
    started = time.perf_counter()
    matches = match.glob_of(pattern)
    for text in ("a" * 2048, "ab" * 1024, ""):
        matches(text)
    assert time.perf_counter() - started < 0.25


def test_a_star_does_not_cross_the_first_five_colons_of_an_arn() -> None:
    matches = match.arn_glob_of("arn:aws:sqs:*:123456789012:orders")
    assert matches("arn:aws:sqs:eu-west-1:123456789012:orders")
    assert not matches("arn:aws:sqs:eu-west-1:999999999999:123456789012:orders")


def test_the_last_part_of_an_arn_may_hold_colons() -> None:
    assert match.arn_glob_of("arn:aws:logs:*:*:*")("arn:aws:logs:us-east-1:1:log-group:x:log-stream:y")


def test_a_short_pattern_with_a_trailing_star_reaches_over_colons() -> None:
    matches = match.arn_glob_of("arn:aws:s3:*")
    assert matches("arn:aws:s3:::bucket/key")
    assert not matches("arn:aws:sqs:us-east-1:1:q")
    assert not match.arn_glob_of("arn:aws:s3:x")("arn:aws:s3:x:::")


def test_a_missing_account_part_makes_the_pattern_match_nothing() -> None:
    assert not match.arn_glob_of("arn:aws:lambda:*:function:hello")("arn:aws:lambda:us-east-1:123456789012:function:hello")


def test_a_value_put_in_for_a_variable_is_plain_text() -> None:
    parts = resolve("home/${aws:username}/*", aws_username="*")
    assert parts is not None
    assert match.glob(parts)("home/*/x")
    assert not match.glob(parts)("home/bob/x")


def test_escaped_wildcards_are_plain_characters() -> None:
    parts = resolve("a${*}b${?}c${$}")
    assert parts is not None
    assert match.glob(parts)("a*b?c$")
    assert not match.glob(parts)("axb?c$")


def test_a_variable_without_a_value_resolves_to_nothing_unless_it_has_a_default() -> None:
    assert resolve("${aws:username}") is None
    assert resolve("${aws:username, 'nobody'}") == (match.Literally("nobody"),)
    assert resolve("${aws:username, 'nobody'}", aws_username="bob") == (match.Literally("bob"),)


def test_a_variable_before_the_fifth_colon_is_out_of_place() -> None:
    assert match.variable_too_early(match.tokens("arn:aws:sqs:${aws:RequestedRegion}:1:q", variables=True))
    assert not match.variable_too_early(match.tokens("arn:aws:s3:::${aws:username}/*", variables=True))


def test_without_variables_the_dollar_sign_means_itself() -> None:
    assert match.glob_of("${aws:username}")("${aws:username}")
