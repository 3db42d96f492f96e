from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telemetry.alarm_verdict import Point, decide

# CloudWatch user guide, "How alarm state is evaluated when data is missing": both tables, "retain" is None here.
THREE_OF_THREE = [
    ("0-X-X", "OK", "OK", "OK", "OK"),
    ("0----", "OK", "OK", "OK", "OK"),
    ("-----", "INSUFFICIENT_DATA", None, "ALARM", "OK"),
    ("0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("--X--", "ALARM", None, "ALARM", "OK"),
]
TWO_OF_THREE = [
    ("0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("00X0X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("0-X--", "OK", "OK", "ALARM", "OK"),
    ("----0", "OK", "OK", "ALARM", "OK"),
    ("---X-", "ALARM", None, "ALARM", "OK"),
]
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


def points(drawn: str) -> list[Point]:
    """Oldest first as the guide draws them; newest first as the evaluation takes them."""
    values = {"0": 0.0, "X": 9.0, "-": None}
    found = [Point(index * 60, values[sign], sign == "X") for index, sign in enumerate(drawn)]
    return found[::-1]


@pytest.mark.parametrize(
    ("drawn", "needed", "treatment", "state"),
    [
        (row[0], needed, treatment, state)
        for needed, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
        for row in table
        for treatment, state in zip(TREATMENTS, row[1:], strict=True)
    ],
)
def test_missing_data_is_treated_as_the_tables_of_the_guide_say(drawn, needed, treatment, state):
    assert decide(points(drawn), 3, needed, treatment).state == state


@pytest.mark.parametrize("drawn", ["----X", "---X-"])
def test_a_fresh_breaching_point_alone_does_not_alarm_prematurely(drawn):
    """The guide's "Avoiding premature transitions to alarm state"."""
    assert decide(points(drawn), 3, 3, "missing").state != "ALARM"


def test_older_points_do_not_count_where_enough_newer_ones_are_there():
    assert decide(points("XX000"), 3, 1, "missing").state == "OK"


RANGES = st.lists(st.sampled_from("0X-"), min_size=5, max_size=5).map("".join)


@given(RANGES, st.integers(1, 3))
def test_what_alarms_with_good_gaps_alarms_with_bad_ones_too(drawn, needed):
    if decide(points(drawn), 3, needed, "notBreaching").state == "ALARM":
        assert decide(points(drawn), 3, needed, "breaching").state == "ALARM"


@given(RANGES, st.integers(1, 3), st.integers(0, 4), st.sampled_from(TREATMENTS))
def test_a_good_point_that_turns_bad_never_ends_an_alarm(drawn, needed, place, treatment):
    worse = drawn[:place] + drawn[place].replace("0", "X") + drawn[place + 1 :]
    if decide(points(drawn), 3, needed, treatment).state == "ALARM":
        assert decide(points(worse), 3, needed, treatment).state == "ALARM"


@given(RANGES, st.integers(1, 3), st.sampled_from(TREATMENTS))
def test_without_gaps_the_treatment_of_gaps_does_not_matter(drawn, needed, treatment):
    whole = drawn.replace("-", "0")
    assert decide(points(whole), 3, needed, treatment) == decide(points(whole), 3, needed, "missing")
