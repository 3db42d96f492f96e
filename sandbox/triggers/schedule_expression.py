"""``rate(5 minutes)``, ``cron(0 8 ? * MON-FRI *)`` and ``at(2026-12-24T18:00:00)``: when is the next time?

Six cron fields, with ``?``, ``L``, ``W`` and ``#`` as EventBridge has them ("eb-scheduled-rule-pattern"); a local time that a
change to summer time leaves out is skipped, one that comes twice happens once (Scheduler guide, "daylight saving time").
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

_RATE = re.compile(r"rate\(([1-9]\d*) (minutes?|hours?|days?)\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_MONTHS = {name: at + 1 for at, name in enumerate(("JAN", "FEB", "MAR", "APR", "MAY", "JUN"))}
_MONTHS |= {name: at + 7 for at, name in enumerate(("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"))}
_DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_YEAR_MIN, _YEAR_MAX = 1970, 2199
_HORIZON_DAYS = 366 * 9  # a 29 February that is a certain weekday may be years away


class ScheduleError(ValueError):
    """The expression is none."""


class Schedule(Protocol):
    def next_after(self, moment: float, start: float) -> float | None:
        """The first time after ``moment`` (epoch seconds), None if there is none; rates count from ``start``."""


@dataclass(frozen=True, slots=True)
class Rate:
    period_s: int

    def next_after(self, moment: float, start: float) -> float | None:
        count = max(1, int((moment - start) // self.period_s))
        while start + count * self.period_s <= moment:
            count += 1
        return start + count * self.period_s


@dataclass(frozen=True, slots=True)
class Once:
    at: float

    def next_after(self, moment: float, start: float) -> float | None:
        del start
        return self.at if self.at > moment else None


@dataclass(frozen=True, slots=True)
class Cron:
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: str
    months: frozenset[int]
    weekdays: str
    years: frozenset[int]
    zone: tzinfo

    def next_after(self, moment: float, start: float) -> float | None:
        del start
        now = datetime.fromtimestamp(moment, self.zone)
        for offset in range(_HORIZON_DAYS):
            day = now.date() + timedelta(days=offset)
            if day.year > _YEAR_MAX:
                return None
            if day.month in self.months and day.year in self.years and self._falls_on(day):
                for when in self._times(day):
                    if when > moment:
                        return when
        return None

    def _times(self, day: date) -> Iterator[float]:
        for hour in self.hours:
            for minute in self.minutes:
                local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
                when = local.timestamp()
                if datetime.fromtimestamp(when, self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                    yield when

    def _falls_on(self, day: date) -> bool:
        if self.days != "?":
            return any(_is_day(part, day) for part in self.days.split(","))
        return any(_is_weekday(part, day) for part in self.weekdays.split(","))


def parse(text: str, zone: tzinfo = UTC) -> Schedule:
    """A rate or a cron expression; raises ScheduleError."""
    rate = _RATE.fullmatch(text)
    if rate:
        count, unit = int(rate[1]), rate[2]
        if (count == 1) == unit.endswith("s"):
            raise ScheduleError(f"{text}: one {unit.rstrip('s')}, or more of them")
        return Rate(count * _SECONDS[unit.rstrip("s")])
    if text.startswith("cron(") and text.endswith(")"):
        return _cron(text[5:-1].split(), zone)
    raise ScheduleError(text)


def parse_any(text: str, zone: tzinfo = UTC) -> Schedule:
    """What the Scheduler takes: also ``at(…)``."""
    if not (text.startswith("at(") and text.endswith(")")):
        return parse(text, zone)
    try:
        return Once(datetime.strptime(text[3:-1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone).timestamp())
    except ValueError as error:
        raise ScheduleError(text) from error


def _cron(fields: list[str], zone: tzinfo) -> Cron:
    if len(fields) != 6:
        raise ScheduleError("six fields")
    minutes, hours, days, months, weekdays, years = (field.upper() for field in fields)
    if (days == "?") == (weekdays == "?"):
        raise ScheduleError("exactly one of day-of-month and day-of-week is ?")
    for part in days.split(","):
        if days != "?" and not re.fullmatch(r"L|LW|L-\d{1,2}|\d{1,2}W", part):
            _numbers(part, 1, 31, {})
    for part in weekdays.split(","):
        if weekdays != "?" and not re.fullmatch(r"(L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))", part):
            _numbers(part, 1, 7, _DAYS)
    return Cron(
        minutes=tuple(sorted(_numbers(minutes, 0, 59, {}))),
        hours=tuple(sorted(_numbers(hours, 0, 23, {}))),
        days=days,
        months=frozenset(_numbers(months, 1, 12, _MONTHS)),
        weekdays=weekdays,
        years=frozenset(_numbers(years, _YEAR_MIN, _YEAR_MAX, {})),
        zone=zone,
    )


def _numbers(field: str, low: int, high: int, names: dict[str, int]) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if step and (not step.isdigit() or int(step) < 1):
            raise ScheduleError(part)
        if span == "*":
            first, last = low, high
        else:
            left, _, right = span.partition("-")
            first = _number(left, names)
            last = _number(right, names) if right else (high if step else first)
        if not low <= first <= high or not low <= last <= high:
            raise ScheduleError(part)
        found |= {*range(first, last + 1, int(step or 1))} if first <= last else {*range(first, high + 1), *range(low, last + 1)}
    return found


def _number(text: str, names: dict[str, int]) -> int:
    if text in names:
        return names[text]
    if not text.isdigit():
        raise ScheduleError(text)
    return int(text)


def _is_day(part: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if part == "L":
        return day.day == last
    if part.startswith("L-"):
        return day.day == last - int(part[2:])
    if part.endswith("W"):
        wanted = last if part == "LW" else min(int(part[:-1]), last)
        return day.day == _nearest_weekday(day.replace(day=wanted), last)
    return day.day in _numbers(part, 1, 31, {})


def _nearest_weekday(day: date, last: int) -> int:
    if day.weekday() == 5:
        return day.day - 1 if day.day > 1 else 3
    if day.weekday() == 6:
        return day.day + 1 if day.day < last else day.day - 2
    return day.day


def _is_weekday(part: str, day: date) -> bool:
    number = day.isoweekday() % 7 + 1
    last = calendar.monthrange(day.year, day.month)[1]
    if part == "L":
        return number == 7
    if part.endswith("L"):
        return number == _number(part[:-1], _DAYS) and day.day > last - 7
    if "#" in part:
        name, _, nth = part.partition("#")
        return number == _number(name, _DAYS) and (day.day - 1) // 7 + 1 == int(nth)
    return number in _numbers(part, 1, 7, _DAYS)
