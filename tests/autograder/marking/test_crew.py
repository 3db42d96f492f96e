from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.marking.crew import Crew
from autograder.marking.job import Bench
from autograder.marking.roll import Handed

Class = Callable[..., list[Handed]]
LookedAt = Callable[[], list[str]]


def graded(bench: Bench, handed: list[Handed], workers: int = 1, **settings: Any) -> dict[str, Any]:
    return {report.submission: report for report in Crew(bench, workers, **settings).run(handed)}


def test_every_submission_gets_one_report_under_its_name_and_digest(bench: Bench, hand_in: Class, looked_at: LookedAt) -> None:
    handed = hand_in(ada={"points": 10}, mary={"points": 3}, grace={"points": 0})
    reports = graded(bench, handed, workers=2)
    assert {name: report.score for name, report in reports.items()} == {"ada": 15, "mary": 3, "grace": 0}
    assert {name: report.digest for name, report in reports.items()} == {one.name: one.digest for one in handed}
    assert {report.assessment for report in reports.values()} == {"thumbnails"}
    assert sorted(looked_at()) == ["ada", "grace", "mary"]


def test_a_worker_that_dies_costs_one_retry(bench: Bench, hand_in: Class, looked_at: LookedAt) -> None:
    reports = graded(bench, hand_in(ada={}, mary={"death": "once"}, zoe={}))
    assert {name: report.status for name, report in reports.items()} == {"ada": "graded", "mary": "graded", "zoe": "graded"}
    assert sorted(looked_at()) == ["ada", "mary", "mary", "zoe"]


def test_a_submission_that_kills_every_worker_fails_and_the_others_do_not(bench: Bench, hand_in: Class) -> None:
    reports = graded(bench, hand_in(ada={}, mary={"death": "always"}, zoe={}), workers=2)
    assert {name: report.status for name, report in reports.items()} == {"ada": "graded", "mary": "failed", "zoe": "graded"}
    assert reports["mary"].reason == "the worker died (killed by signal 9)"
    assert "score" not in reports["mary"].as_json()


def test_a_fault_of_ours_is_tried_again_then_told_with_its_traceback(bench: Bench, hand_in: Class) -> None:
    reports = graded(bench, hand_in(ada={"fault": "once"}, mary={"fault": "always"}))
    assert {name: report.status for name, report in reports.items()} == {"ada": "graded", "mary": "failed"}
    assert reports["mary"].reason.startswith("RuntimeError: the deployment desk is on fire")
    assert "honest_judge.py" in reports["mary"].reason


def test_a_submission_that_never_ends_is_stopped(bench: Bench, hand_in: Class) -> None:
    reports = graded(bench, hand_in(ada={}, mary={"hang": True}), seconds_max=1.5)
    assert reports["mary"].reason == "the worker was at it for more than 1.5 s"
    assert reports["ada"].status == "graded"


def test_a_judge_that_cannot_be_opened_fails_every_submission_and_says_so(hand_in: Class, tmp_path: Path) -> None:
    reports = graded(Bench("thumbnails", "honest_judge:nowhere", {}), hand_in(ada={}))
    assert reports["ada"].reason == "the worker died (exit code 1)"


def test_leaving_early_stops_the_workers(bench: Bench, hand_in: Class, looked_at: LookedAt) -> None:
    run = Crew(bench, 1).run(hand_in(a={}, b={"hang": True}, c={}))
    assert next(run).submission == "a"
    run.close()
    assert "c" not in looked_at()


@pytest.mark.parametrize("workers", [1, 3])
def test_the_order_of_submissions_does_not_matter(bench: Bench, hand_in: Class, workers: int) -> None:
    handed = hand_in(**{f"learner{number}": {"points": number} for number in range(6)})
    forwards, backwards = graded(bench, handed, workers), graded(bench, handed[::-1], workers)
    assert {name: report.as_json() for name, report in forwards.items()} == {
        name: report.as_json() for name, report in backwards.items()
    }
