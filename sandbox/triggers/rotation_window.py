"""When may Secrets Manager rotate a secret? A schedule gives windows; within one the service chooses the moment.

Source: Secrets Manager API reference, RotationRulesType; user guide, "Rotation schedules". All of it is UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.triggers.schedule_expression import ScheduleError, parse

_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_HOURS_MIN = 4  # "You can rotate a secret as often as every four hours"
_DAYS_MAX = 1_000
_RATE = re.compile(r"rate\(([1-9]\d*) (hours?|days?)\)")
_DURATION = re.compile(r"([1-9]\d?)h")


class RulesRefused(ValueError):
    """The rules make no schedule; the text says why."""


@dataclass(frozen=True, slots=True)
class Window:
    """Epoch seconds. The next rotation happens "on or before" the second before ``closes`` (DescribeSecret, NextRotationDate)."""

    opens: float
    closes: float

    def moment(self, share: float) -> float:
        """A moment of the window, ``share`` of the way from 0 to 1."""
        return self.opens + share * (self.closes - 1 - self.opens)

    @property
    def latest(self) -> float:
        return self.closes - 1


def check(rules: Mapping[str, Any]) -> None:
    """Raises RulesRefused for rules that RotateSecret does not take."""
    days, text = rules.get("AutomaticallyAfterDays"), str(rules.get("ScheduleExpression") or "")
    if days is not None and text:
        raise RulesRefused("You can't specify both AutomaticallyAfterDays and ScheduleExpression.")
    if days is not None and not 1 <= int(days) <= _DAYS_MAX:
        raise RulesRefused(f"RotationRules.AutomaticallyAfterDays must be within 1-{_DAYS_MAX}.")
    duration = str(rules.get("Duration") or "")
    if duration and not _DURATION.fullmatch(duration):
        raise RulesRefused(f"RotationRules.Duration {duration} is not a number of hours, such as 3h.")
    if text:
        window = next_window(rules, 0.0)
        if window is None or window.closes > _midnight(window.opens) + _DAY_S:
            raise RulesRefused("The rotation window must not extend into the next UTC day.")


def next_window(rules: Mapping[str, Any], last: float) -> Window | None:
    """The window after a rotation at ``last``, None where the rules have no schedule."""
    days, text = rules.get("AutomaticallyAfterDays"), str(rules.get("ScheduleExpression") or "")
    if days is not None:
        return _window(_midnight(last) + int(days) * _DAY_S, rules, hourly=False)
    if not text:
        return None
    if text.startswith("rate("):
        return _by_rate(text, rules, last)
    return _by_cron(text, rules, last)


def days_between(rules: Mapping[str, Any], last: float) -> int:
    """What DescribeSecret shows as AutomaticallyAfterDays: whole days from ``last`` to the next window, at least one."""
    if rules.get("AutomaticallyAfterDays") is not None:
        return int(rules["AutomaticallyAfterDays"])
    window = next_window(rules, last)
    return 0 if window is None else max(1, round((window.opens - _midnight(last)) / _DAY_S))


def _by_rate(text: str, rules: Mapping[str, Any], last: float) -> Window:
    found = _RATE.fullmatch(text)
    if found is None:
        raise RulesRefused(f"The rotation schedule {text} is no rate in hours or days.")
    count, hourly = int(found[1]), found[2].startswith("hour")
    if hourly and count < _HOURS_MIN:
        raise RulesRefused(f"A secret can be rotated every {_HOURS_MIN} hours at most.")
    if not hourly:
        return _window(_midnight(last) + count * _DAY_S, rules, hourly=False)
    period, start = count * _HOUR_S, _midnight(last)
    return _window(start + (int((last - start) // period) + 1) * period, rules, hourly=True)


def _by_cron(text: str, rules: Mapping[str, Any], last: float) -> Window:
    fields = text.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != 6 or fields[0] != "0" or fields[5] != "*":
        raise RulesRefused(f"The rotation schedule {text} must open on the hour, in every year: cron(0 … *).")
    try:
        opens = parse(text.replace(" /", " 0/")).next_after(last, last)  # Secrets Manager also takes /8 for every eight hours
    except ScheduleError as error:
        raise RulesRefused(f"The rotation schedule {text} is not valid: {error}.") from None
    if opens is None:
        raise RulesRefused(f"The rotation schedule {text} has no next time.")
    return _window(opens, rules, hourly=not fields[1].isdigit())


def _window(opens: float, rules: Mapping[str, Any], *, hourly: bool) -> Window:
    """Without a duration an hourly window closes after an hour, a daily one at the end of the day."""
    duration = str(rules.get("Duration") or "")
    if duration:
        return Window(opens, opens + int(duration[:-1]) * _HOUR_S)
    return Window(opens, opens + _HOUR_S if hourly else _midnight(opens) + _DAY_S)


def _midnight(moment: float) -> float:
    day = datetime.fromtimestamp(moment, UTC)
    return (day - timedelta(hours=day.hour, minutes=day.minute, seconds=day.second, microseconds=day.microsecond)).timestamp()
