"""A report is data: what goes out as JSON comes back the same, and nothing else is taken for one."""

from __future__ import annotations

import json

import pytest

from autograder.errors import GraderFault
from autograder.report import CRITERIA, CheckResult, CriterionResult, Report, from_json

GRADED = Report(
    assessment="image-application",
    submission="ada",
    status="graded",
    criteria=(
        CriterionResult("function", (CheckResult("thumbnail", 0.1, 5, "128 px seen, 256 expected", "See m2-t1."),)),
        CriterionResult("monitoring", (CheckResult("alarm", 0.2, 4, "it fired"),)),
    ),
    backend="bubblewrap",
    seconds={"total": 2.5},
)


def test_a_report_survives_the_way_over_json() -> None:
    assert from_json(json.loads(json.dumps(GRADED.as_json()))) == GRADED


def test_a_reader_finds_every_criterion_by_name_and_those_not_asked_for_are_worth_nothing() -> None:
    criteria = GRADED.as_json()["criteria"]
    assert set(criteria) == set(CRITERIA)
    assert criteria["least-privilege"] == {"points": 0, "max": 0, "checks": []}
    assert list(criteria)[:2] == ["function", "monitoring"], "the assessment's own come first, in its order"
    assert (criteria["monitoring"]["points"], criteria["monitoring"]["max"]) == (0.2, 4)


def test_a_criterion_of_an_assessment_that_is_none_of_the_five_is_told_as_well() -> None:
    other = Report("exam", "ada", "graded", (CriterionResult("style", (CheckResult("names", 1, 2, "said"),)),))
    assert list(other.as_json()["criteria"]) == ["style", *CRITERIA]
    assert from_json(other.as_json()) == other


def test_points_add_up_without_dust_of_floating_point() -> None:
    assert (GRADED.score, GRADED.max) == (0.3, 9)


def test_a_failure_of_ours_has_no_score() -> None:
    failed = Report("image-application", "ada", "failed", reason="the account did not start").as_json()
    assert "score" not in failed
    assert "criteria" not in failed
    assert from_json(failed).reason == "the account did not start"


@pytest.mark.parametrize("points", [-1, 6, float("nan"), float("inf")])
def test_points_outside_of_what_a_check_is_worth_are_our_fault(points: float) -> None:
    with pytest.raises(GraderFault):
        CheckResult("thumbnail", points, 5, "")


@pytest.mark.parametrize("document", [{}, {"version": 2, "status": "graded"}, {**GRADED.as_json(), "criteria": {"function": []}}])
def test_what_is_no_report_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(GraderFault):
        from_json(document)
