"""Which runtimes a function may name here, and from when AWS refuses an old one (facts R-01 to R-06)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Literal

from sandbox import facts
from sandbox.functions import refusals

_IDS = re.compile(r"python(\d+\.\d+)((?: / \d+\.\d+)*)")
_BLOCKS = re.compile(r"create blocked (\d{4}-\d\d-\d\d); update blocked (\d{4}-\d\d-\d\d)")
_ENDED = ("python2.7", "python3.6", "python3.7")  # ended before the facts begin
_SNAP_START_FROM = (3, 12)  # Lambda developer guide, "Improving startup performance with SnapStart": Python 3.12 and later


@cache
def blocked_from() -> dict[str, tuple[date, date]]:
    """Runtime to the days from which AWS refuses to create and to update functions with it."""
    days: dict[str, tuple[date, date]] = {}
    for fact in facts.facts().values():
        ids, blocks = _IDS.fullmatch(fact.subject), _BLOCKS.search(fact.value)
        if fact.group == "runtimes" and ids and blocks:
            for number in (ids[1], *ids[2].split(" / ")[1:]):
                days[f"python{number}"] = (date.fromisoformat(blocks[1]), date.fromisoformat(blocks[2]))
    return days


def require(runtime: str | None, offered: Sequence[str], now: float, change: Literal["create", "update"]) -> str:
    """The runtime itself, or AWS's refusal of a missing, ended or unknown one, or ours of one this machine has not."""
    if not runtime:
        raise refusals.invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
    blocks = blocked_from().get(runtime)
    if runtime in _ENDED or (blocks and datetime.fromtimestamp(now, UTC).date() >= blocks[change == "update"]):
        raise refusals.invalid(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
            f"We recommend you use the new runtime ({_newest(runtime, offered)}) while creating or updating functions."
        )
    if runtime not in offered:
        raise refusals.invalid(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            f"[{', '.join(offered)}] or be a valid ARN. This local account runs functions on what this machine has."
        )
    return runtime


def _newest(runtime: str, offered: Sequence[str]) -> str:
    """Of the same language, where there is one."""
    family = runtime.rstrip("0123456789.x")
    return next((each for each in reversed(offered) if each.startswith(family)), offered[-1])


def require_snap_start(runtime: str) -> None:
    if not runtime.startswith("python"):
        raise refusals.invalid(f"{runtime} is not supported for SnapStart enabled functions.")
    major, _, minor = runtime.removeprefix("python").partition(".")
    if (int(major), int(minor or 0)) < _SNAP_START_FROM:
        raise refusals.invalid(f"{runtime} is not supported for SnapStart enabled functions.")
