"""Next times of rates and cron expressions; EventBridge guide, "eb-scheduled-rule-pattern"."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.triggers.schedule_expression import ScheduleError, parse, parse_any

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC).timestamp()


def _times(text: str, count: int, start: float = FRIDAY, zone: str = "UTC") -> list[str]:
    schedule, found, moment = parse(text, ZoneInfo(zone)), list[str](), start
    for _ in range(count):
        following = schedule.next_after(moment, start)
        assert following is not None
        assert following > moment
        moment = following
        found.append(datetime.fromtimestamp(moment, UTC).strftime("%a %Y-%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rate(1 minute)", ["Fri 2026-11-20 12:01", "Fri 2026-11-20 12:02"]),
        ("rate(12 hours)", ["Sat 2026-11-21 00:00", "Sat 2026-11-21 12:00"]),
        ("cron(0/15 * * * ? *)", ["Fri 2026-11-20 12:15", "Fri 2026-11-20 12:30"]),
        ("cron(0 10 * * ? *)", ["Sat 2026-11-21 10:00", "Sun 2026-11-22 10:00"]),
        ("cron(0 18 ? * MON-FRI *)", ["Fri 2026-11-20 18:00", "Mon 2026-11-23 18:00"]),
        ("cron(0 8 1 * ? *)", ["Tue 2026-12-01 08:00", "Fri 2027-01-01 08:00"]),
        ("cron(0 9 ? * 2#1 *)", ["Mon 2026-12-07 09:00", "Mon 2027-01-04 09:00"]),
        ("cron(0 9 ? * 6L *)", ["Fri 2026-11-27 09:00", "Fri 2026-12-25 09:00"]),
        ("cron(0 9 L * ? *)", ["Mon 2026-11-30 09:00", "Thu 2026-12-31 09:00"]),
        ("cron(0 9 LW * ? *)", ["Mon 2026-11-30 09:00", "Thu 2026-12-31 09:00", "Fri 2027-01-29 09:00"]),
        ("cron(0 9 1W * ? *)", ["Tue 2026-12-01 09:00", "Fri 2027-01-01 09:00", "Mon 2027-02-01 09:00"]),
        ("cron(0 0 29 FEB ? *)", ["Tue 2028-02-29 00:00", "Sun 2032-02-29 00:00"]),
    ],
)
def test_the_next_times_are_those_of_the_guide(text: str, expected: list[str]) -> None:
    assert _times(text, len(expected)) == expected


def test_a_cron_expression_can_have_no_future() -> None:
    assert parse("cron(0 0 1 1 ? 2020)").next_after(FRIDAY, FRIDAY) is None


def test_a_local_time_that_is_left_out_is_skipped_and_a_double_one_happens_once() -> None:
    """Europe/Berlin: 2027-03-28 02:30 does not exist, 2027-10-31 02:30 comes twice."""
    march = datetime(2027, 3, 27, 12, 0, tzinfo=UTC).timestamp()
    assert _times("cron(30 2 * * ? *)", 2, march, "Europe/Berlin") == ["Mon 2027-03-29 00:30", "Tue 2027-03-30 00:30"]
    october = datetime(2027, 10, 30, 12, 0, tzinfo=UTC).timestamp()
    assert _times("cron(30 2 * * ? *)", 2, october, "Europe/Berlin") == ["Sun 2027-10-31 00:30", "Mon 2027-11-01 01:30"]


@pytest.mark.parametrize(
    "text",
    [
        "rate(0 minutes)", "rate(1 minutes)", "rate(2 minute)", "rate(5 seconds)", "cron(* * * * * *)",
        "cron(0 0 ? * ? *)", "cron(0 0 1 * ?)", "cron(60 0 1 * ? *)", "cron(0 24 1 * ? *)", "cron(0 0 32 * ? *)",
        "cron(0 0 ? * 8 *)", "cron(a 0 1 * ? *)", "cron(0/0 0 1 * ? *)", "every day", "at(2027-01-01T00:00:00)",
    ],
)  # fmt: skip
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError):
        parse(text)


def test_at_is_one_moment_in_its_zone() -> None:
    once = parse_any("at(2027-01-15T08:00:00)", ZoneInfo("America/New_York"))
    assert once.next_after(FRIDAY, FRIDAY) == datetime(2027, 1, 15, 13, 0, tzinfo=UTC).timestamp()
    assert once.next_after(FRIDAY + 1e9, FRIDAY) is None
    with pytest.raises(ScheduleError):
        parse_any("at(2027-01-15 08:00)")


def test_a_rate_never_stands_still() -> None:
    """Starts that are not whole seconds must not make the same moment come twice."""
    schedule = parse("rate(1 minute)")
    for step in range(200):
        start = FRIDAY + step * 0.123456789
        moment = start
        for _ in range(5):
            following = schedule.next_after(moment, start)
            assert following is not None
            assert following - moment > 59
            moment = following
