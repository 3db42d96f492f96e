"""From evidence to points: every check is asked once, what it says becomes a result. A lost gate caps its criterion; where no
work was done every criterion is capped. Pure.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from autograder.assessment import Assessment, Criterion, Work
from autograder.checks.expect import NotYet, Partly
from autograder.checks.marks import Check, id_of, mark_of
from autograder.curriculum import course_curriculum
from autograder.errors import GraderFault
from autograder.report import CheckResult, CriterionResult

_DONE = "As expected."


def score(
    assessment: Assessment, checks: Iterable[Check], fixtures: Mapping[str, Any], remark: str = ""
) -> tuple[CriterionResult, ...]:
    """One result a check, grouped by criterion in the assessment's order. A ``remark`` is added wherever points are lost."""
    found: dict[str, list[CheckResult]] = {criterion.name: [] for criterion in assessment.criteria}
    for check in checks:
        result = ask(check, fixtures)
        if remark and result.points < result.max:
            result = replace(result, message=f"{result.message} {remark}")
        found[mark_of(check).criterion].append(result)
    gated = tuple(_gated(criterion, found[criterion.name]) for criterion in assessment.criteria)
    if assessment.work is None or _works(assessment.work, found):
        return gated
    why = f"Capped: nothing of {' or '.join(assessment.work.checks)} is done, and without it the rest counts little."
    left = assessment.work.left
    return tuple(
        _capped(result, criterion.points * left, why) for criterion, result in zip(assessment.criteria, gated, strict=True)
    )


def nothing(assessment: Assessment, checks: Iterable[Check], reason: str) -> tuple[CriterionResult, ...]:
    """No points, for one reason: there is no stack to look at."""
    found: dict[str, list[CheckResult]] = {criterion.name: [] for criterion in assessment.criteria}
    for check in checks:
        mark = mark_of(check)
        found[mark.criterion].append(CheckResult(id_of(check), 0, mark.points, reason, _told(mark.hint, mark.topic)))
    return tuple(CriterionResult(criterion.name, tuple(found[criterion.name])) for criterion in assessment.criteria)


def ask(check: Check, fixtures: Mapping[str, Any]) -> CheckResult:
    """GraderFault when the check itself breaks: that is never the learner's loss."""
    mark, check_id = mark_of(check), id_of(check)
    try:
        check(**{name: fixtures[name] for name in inspect.signature(check).parameters})
    except NotYet as no:
        share = no.share if isinstance(no, Partly) else 0.0
        return CheckResult(check_id, round(mark.points * share, 2), mark.points, str(no), _told(mark.hint, mark.topic))
    except Exception as error:
        raise GraderFault(f"{check_id} broke: {type(error).__name__}: {error}") from error
    return CheckResult(check_id, mark.points, mark.points, _DONE)


def _told(hint: str, topic: str) -> str:
    return f"{hint} Read on: {course_curriculum().read_on(topic)}."


def _works(work: Work, found: Mapping[str, list[CheckResult]]) -> bool:
    rows = (row for results in found.values() for row in results if row.id in work.checks)
    return any(row.points >= work.at_least * row.max for row in rows)


def _gated(criterion: Criterion, results: list[CheckResult]) -> CriterionResult:
    """A check named in ``gates`` that got nothing leaves the criterion no more than that share of its points."""
    lost = [result.id for result in results if result.id in criterion.gates and result.points == 0]
    whole = CriterionResult(criterion.name, tuple(results))
    if not lost:
        return whole
    most = criterion.points * min(criterion.gates[name] for name in lost)
    return _capped(whole, most, f"Capped: without {', '.join(lost)} the rest counts less.")


def _capped(whole: CriterionResult, most: float, why: str) -> CriterionResult:
    if whole.points <= most:
        return whole
    factor = most / whole.points
    capped = [
        replace(row, points=int(row.points * factor * 100) / 100, message=f"{row.message} {why}") if row.points else row
        for row in whole.checks
    ]
    return CriterionResult(whole.name, tuple(capped))
