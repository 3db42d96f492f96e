from __future__ import annotations

import time

import pytest

from sandbox.errors import AwsError
from sandbox.telemetry.bounded_regex import BoundedRegex


@pytest.mark.parametrize(
    "text",
    [r"(a+)+b", r"(a*)*", r"(?:(x|y)+z*)+", r"(.*a){17,}", r"(a)\1", r"(?=a)b", ".*.*x", "a" * 1_001, "(", "a" + ".+b" * 9],
)
def test_an_expression_that_could_take_for_ever_is_refused(text):
    with pytest.raises(AwsError) as caught:
        BoundedRegex(text, "MalformedQueryException")
    assert caught.value.code == "MalformedQueryException"


@pytest.mark.parametrize(
    ("text", "found"),
    [(r"Duration: (?<ms>[\d.]+) ms", "12.5"), (r"(?i)DURATION: (?<ms>\S+)", "12.5"), (r"^REPORT.*?(?<ms>\d+\.\d+) ms", "12.5")],
)
def test_named_groups_are_written_as_in_java(text, found):
    match = BoundedRegex(text, "x").search("REPORT Duration: 12.5 ms")
    assert match is not None
    assert match["ms"] == found


def test_a_long_text_against_an_allowed_expression_stays_cheap():
    expression = BoundedRegex(r"a+b.*c\d+x", "x")
    started = time.perf_counter()
    assert expression.search("a" * 1_000_000) is None
    assert time.perf_counter() - started < 2
