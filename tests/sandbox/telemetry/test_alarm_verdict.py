from __future__ import annotations

import pytest

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
