"""Points are a function of what checks say: whole, part, nothing; and a gate that caps its criterion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assessment import Assessment, Criterion, Work
from autograder.checks.expect import Partly, Tally, expect
from autograder.checks.marks import points
from autograder.errors import GraderFault, LabError
from autograder.score import ask, nothing, score


@points(4, "work", hint="Look.", topic="m1-t1")
def _half_of_it(seen: int) -> None:
    with Tally() as tally:
        tally.expect(seen > 0, "Nothing was seen.")
        tally.expect(seen > 1, "One was seen, two were expected.")


@points(6, "work", hint="Look again.", topic="m1-t2")
def _the_gate(seen: int) -> None:
    expect(seen > 2, "Too few.")


ASSESSMENT = Assessment(
    slug="small",
    title="Small",
    outputs=(),
    parameters={},
    layers={},
    criteria=(Criterion("work", "Work", 10, {"-the-gate": 0.1}),),
    choices=(),
    folder=Path(),
)


@pytest.mark.parametrize(("seen", "expected"), [(0, 0), (1, 1), (2, 1), (3, 10)])
def test_a_lost_gate_leaves_its_share_of_the_criterion(seen: int, expected: float) -> None:
    (criterion,) = score(ASSESSMENT, [_half_of_it, _the_gate], {"seen": seen})
    assert criterion.points == expected
    assert criterion.max == 10


@points(5, "alarms", hint="Alarm.", topic="m1-t3")
def _quiet(seen: int) -> None:
    expect(seen >= 0, "It rang.")


@pytest.mark.parametrize(("seen", "expected"), [(0, [0, 1]), (1, [2, 5]), (3, [10, 5])])
def test_whoever_does_no_work_at_all_keeps_little_of_every_criterion(seen: int, expected: list[float]) -> None:
    criteria = (Criterion("work", "Work", 10, {}), Criterion("alarms", "Alarms", 5, {}))
    assessment = replace(ASSESSMENT, criteria=criteria, work=Work(("-half-of-it", "-the-gate"), at_least=0.5, left=0.2))
    results = score(assessment, [_half_of_it, _the_gate, _quiet], {"seen": seen})
    assert [criterion.points for criterion in results] == expected
    assert ("Capped: nothing of" in results[1].checks[0].message) == (seen == 0)


def test_questions_of_one_part_count_together() -> None:
    tally = Tally()
    tally.expect(condition=True, message="", part="size")
    tally.expect(condition=False, message="Too small.", part="size")
    tally.expect(condition=True, message="", part="format")
    with pytest.raises(Partly, match=r"^Too small\.$") as caught, tally:
        pass
    assert caught.value.share == 0.5


def test_what_was_missed_is_told_with_where_to_read_on() -> None:
    result = ask(_half_of_it, {"seen": 1})
    assert (result.id, result.points, result.message) == ("-half-of-it", 2, "One was seen, two were expected.")
    assert result.hint == "Look. Read on: Lambda, EC2 or containers (m1-t1, architecture/lambda-or-containers.html in the book)."


def test_without_a_stack_every_check_says_why() -> None:
    (criterion,) = nothing(ASSESSMENT, [_half_of_it, _the_gate], "It did not deploy.")
    assert (criterion.points, criterion.max) == (0, 10)
    assert {check.message for check in criterion.checks} == {"It did not deploy."}


def test_a_check_that_breaks_is_our_fault_and_no_verdict() -> None:
    with pytest.raises(GraderFault, match="TypeError"):
        ask(_half_of_it, {"seen": "many"})


def test_a_check_without_points_is_refused() -> None:
    def test_free() -> None:
        """Worth nothing."""

    with pytest.raises(LabError, match="points"):
        ask(test_free, {})
