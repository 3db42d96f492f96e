"""What judging one submission comes to: a versioned report, plain data that crosses every boundary as JSON.

Two states, never confused: ``graded`` has criteria and a score, which may be zero; ``failed`` means that *we* broke, has no
score and is judged again. The schema is told to people in ``docs/grading.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.errors import GraderFault

VERSION = 1
CRITERIA = ("function", "error-handling", "least-privilege", "monitoring", "configuration")

Status = Literal["graded", "failed"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: ``message`` says what was done, seen and expected; ``hint`` where to go on, empty with full points."""

    id: str
    points: float
    max: float
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.points) and math.isfinite(self.max) and 0 <= self.points <= self.max):
            raise GraderFault(f"check {self.id} gives {self.points} of {self.max} points")


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The checks of one criterion, in the order they are defined."""

    name: str
    checks: tuple[CheckResult, ...]

    @property
    def points(self) -> float:
        return _sum(check.points for check in self.checks)

    @property
    def max(self) -> float:
        return _sum(check.max for check in self.checks)


@dataclass(frozen=True, slots=True)
class Report:
    """``seconds`` maps phases (``read``, ``deploy``, ``scenarios``, ``evidence`` …, ``total``) to wall time: all that may differ
    between two judgements of one submission. ``backend`` names the isolation the submission's code ran in."""

    assessment: str
    submission: str
    status: Status
    criteria: tuple[CriterionResult, ...] = ()
    backend: str = ""
    reason: str = ""  # of a failure, for staff
    variant: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[str, ...] = ()  # static hints, worth no points
    digest: str = ""  # SHA-256 of what was judged: a resumed run knows an unchanged submission by it
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return _sum(criterion.points for criterion in self.criteria)

    @property
    def max(self) -> float:
        return _sum(criterion.max for criterion in self.criteria)

    def as_json(self) -> dict[str, Any]:
        """One line of ``results.jsonl``. A failed report has neither ``score`` nor ``criteria``.

        ``criteria`` has all of ``CRITERIA``, whatever the assessment asks for: one it does not have is worth 0 and has no checks.
        """
        document: dict[str, Any] = {
            "version": VERSION,
            "assessment": self.assessment,
            "submission": self.submission,
            "status": self.status,
        }
        if self.status == "graded":
            document |= {"score": self.score, "max": self.max, "criteria": self._by_name()}
        else:
            document["reason"] = self.reason
        return document | {
            "variant": dict(self.variant),
            "findings": list(self.findings),
            "digest": self.digest,
            "backend": self.backend,
            "seconds": dict(self.seconds),
        }

    def _by_name(self) -> dict[str, Any]:
        """The assessment's own in its order, then the others."""
        own = {criterion.name: _criterion(criterion) for criterion in self.criteria}
        return own | {name: _criterion(CriterionResult(name, ())) for name in CRITERIA if name not in own}


def from_json(document: Mapping[str, Any]) -> Report:
    """The inverse of ``Report.as_json``; raises GraderFault when the document is no report of this version."""
    try:
        if document["version"] != VERSION or document["status"] not in ("graded", "failed"):
            raise GraderFault(f"a report of version {document['version']!r} with status {document['status']!r} is not known here")
        criteria = tuple(
            CriterionResult(name, tuple(CheckResult(**check) for check in body["checks"]))
            for name, body in document.get("criteria", {}).items()
            if body["checks"]
        )
        return Report(
            assessment=document["assessment"],
            submission=document["submission"],
            status=document["status"],
            criteria=criteria,
            backend=document["backend"],
            reason=document.get("reason", ""),
            variant=document["variant"],
            findings=tuple(document["findings"]),
            digest=document["digest"],
            seconds=document["seconds"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise GraderFault(f"this is no report: {type(error).__name__}: {error}") from error


def _criterion(criterion: CriterionResult) -> dict[str, Any]:
    checks = [
        {"id": check.id, "points": check.points, "max": check.max, "message": check.message, "hint": check.hint}
        for check in criterion.checks
    ]
    return {"points": criterion.points, "max": criterion.max, "checks": checks}


def _sum(values: Any) -> float:
    """Exact to a hundredth of a point, so that the order of checks never shows."""
    return round(math.fsum(values), 2)
