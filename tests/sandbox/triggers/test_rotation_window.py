"""When rotation windows open and close (Secrets Manager API reference, RotationRulesType; user guide, "Rotation schedules")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.triggers.rotation_window import RulesRefused, check, days_between, next_window

LAST = datetime(2027, 1, 15, 8, 30, tzinfo=UTC).timestamp()  # a Friday


def _window(**rules: Any) -> tuple[str, str]:
    window = next_window(rules, LAST)
    assert window is not None
    return tuple(f"{datetime.fromtimestamp(at, UTC):%m-%d %H:%M}" for at in (window.opens, window.closes))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("rules", "opens", "closes"),
    [
        ({"AutomaticallyAfterDays": 30}, "02-14 00:00", "02-15 00:00"),
        ({"AutomaticallyAfterDays": 1, "Duration": "3h"}, "01-16 00:00", "01-16 03:00"),
        ({"ScheduleExpression": "rate(10 days)"}, "01-25 00:00", "01-26 00:00"),
        ({"ScheduleExpression": "rate(4 hours)"}, "01-15 12:00", "01-15 13:00"),
        ({"ScheduleExpression": "cron(0 16 1,15 * ? *)", "Duration": "2h"}, "01-15 16:00", "01-15 18:00"),
        ({"ScheduleExpression": "cron(0 8 ? * MON *)"}, "01-18 08:00", "01-19 00:00"),
        ({"ScheduleExpression": "cron(0 /12 * * ? *)"}, "01-15 12:00", "01-15 13:00"),
    ],
)
def test_a_window_opens_by_the_schedule_and_closes_after_its_duration_an_hour_or_the_day(
    rules: dict[str, Any], opens: str, closes: str
) -> None:
    assert _window(**rules) == (opens, closes)


def test_rules_without_a_schedule_have_no_window_and_a_schedule_is_shown_in_days_too() -> None:
    assert next_window({}, LAST) is None
    assert [days_between({"ScheduleExpression": text}, LAST) for text in ("rate(10 days)", "rate(4 hours)")] == [10, 1]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"AutomaticallyAfterDays": 3, "ScheduleExpression": "rate(3 days)"}, "both"),
        ({"AutomaticallyAfterDays": 1001}, "1-1000"),
        ({"ScheduleExpression": "rate(3 hours)"}, "every 4 hours"),
        ({"ScheduleExpression": "rate(30 minutes)"}, "hours or days"),
        ({"ScheduleExpression": "cron(15 8 * * ? *)"}, "on the hour"),
        ({"ScheduleExpression": "cron(0 25 * * ? *)"}, "not valid"),
        ({"ScheduleExpression": "cron(0 22 * * ? *)", "Duration": "3h"}, "next UTC day"),
        ({"AutomaticallyAfterDays": 3, "Duration": "90m"}, "number of hours"),
    ],
)
def test_rules_that_make_no_window_are_refused(rules: dict[str, Any], says: str) -> None:
    with pytest.raises(RulesRefused, match=says):
        check(rules)
