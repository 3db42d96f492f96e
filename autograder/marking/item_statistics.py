"""How a class did: per check how often it cost points, per phase where the time went. Pure functions of reports."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report import CheckResult, Report


@dataclass(frozen=True, slots=True)
class Item:
    """One check over the class: ``lost`` lost points on it, ``none`` got nothing, ``share`` is the mean part of its points."""

    criterion: str
    id: str
    graded: int
    lost: int
    none: int
    share: float


@dataclass(frozen=True, slots=True)
class Phase:
    """Wall time of one phase over the submissions that had it."""

    name: str
    median_s: float
    longest_s: float
    sum_s: float


def items(reports: Sequence[Report]) -> list[Item]:
    """Worst first: what most learners lost points on is what to teach again."""
    results: dict[tuple[str, str], list[CheckResult]] = {}
    for report in reports:
        for criterion in report.criteria:
            for check in criterion.checks:
                results.setdefault((criterion.name, check.id), []).append(check)
    found = [_item(criterion, identity, checks) for (criterion, identity), checks in results.items()]
    return sorted(found, key=lambda item: (-item.lost, item.share, item.criterion, item.id))


def phases(reports: Sequence[Report]) -> list[Phase]:
    """In the order in which the judge goes through them."""
    times: dict[str, list[float]] = {}
    for report in reports:
        for name, seconds in report.seconds.items():
            times.setdefault(name, []).append(seconds)
    return [Phase(name, statistics.median(all_of), max(all_of), math.fsum(all_of)) for name, all_of in times.items()]


def _item(criterion: str, identity: str, checks: Sequence[CheckResult]) -> Item:
    lost = sum(check.points < check.max for check in checks)
    none = sum(check.points == 0 < check.max for check in checks)
    possible = math.fsum(check.max for check in checks)
    share = math.fsum(check.points for check in checks) / possible if possible else 1.0
    return Item(criterion, identity, len(checks), lost, none, round(share, 4))
