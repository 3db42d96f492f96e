from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.gradebook.settings import configure, database_url

SLUG = "thumbnails"


def give(course: Path, learner: str, cell: str, points: float) -> None:
    """What an assessor does in formgrader."""
    with Gradebook(database_url(course)) as book:
        grade = book.find_grade(cell, SLUG, SLUG, learner)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def total(course: Path, learner: str) -> tuple[float, float]:
    with Gradebook(database_url(course)) as book:
        submission = book.find_submission(SLUG, learner)
        return submission.score, submission.late_submission_penalty or 0.0


def test_each_criterion_is_a_grade_cell_and_the_rubric_waits_for_a_person(
    solved: Any, submit: Any, autograde: Any, scores: Any
) -> None:
    submit("ada", solved("# alarm, points: 7.5"))
    assert autograde("ada")
    assert scores("ada") == {
        "criterion-function": (7.5, None, False),
        "criterion-monitoring": (5, None, False),
        "rubric-design": (None, None, True),
    }


def test_nothing_of_the_notebook_is_executed(solved: Any, submit: Any, autograde: Any, tmp_path: Path, scores: Any) -> None:
    marker = tmp_path / "ran"
    notebook = solved("# points: 3")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "%%writefile" not in "".join(cell["source"]):
            cell["source"] = f"open({str(marker)!r}, 'w')"
    submit("ada", notebook)
    assert autograde("ada")
    assert scores("ada")["criterion-function"][0] == 3
    assert not marker.exists()


def test_a_worse_resubmission_lowers_the_score(solved: Any, submit: Any, autograde: Any, scores: Any) -> None:
    for points in (9, 2):
        submit("ada", solved(f"# points: {points}"))
        assert autograde("ada")
    assert scores("ada")["criterion-function"] == (2, None, False)


def test_when_the_grader_breaks_no_earlier_score_stays(
    solved: Any, submit: Any, autograde: Any, scores: Any, course: Path
) -> None:
    submit("ada", solved("# points: 9"))
    assert autograde("ada")
    for trouble in ("the grader breaks", "the worker dies"):
        submit("ada", solved(f"# {trouble}"))
        assert not autograde("ada")
        assert scores("ada")["criterion-function"] == (None, None, True)
        assert total(course, "ada") == (0, 0)
    submit("ada", solved("# points: 4"))
    assert autograde("ada")
    assert scores("ada")["criterion-function"] == (4, None, False)


def test_a_persons_scores_stay_for_the_same_submission_and_are_void_for_another(
    solved: Any, submit: Any, autograde: Any, scores: Any, course: Path
) -> None:
    submit("ada", solved("# points: 6"))
    assert autograde("ada")
    give(course, "ada", "rubric-design", 3)
    assert autograde("ada")
    assert scores("ada")["rubric-design"] == (None, 3, False)
    submit("ada", solved("# points: 7"))
    assert autograde("ada")
    assert scores("ada")["rubric-design"] == (None, None, True)
    void = (course / "reports" / SLUG / "void-manual-scores.jsonl").read_text().splitlines()
    assert [(json.loads(line)["cell"], json.loads(line)["manual_score"]) for line in void] == [("rubric-design", 3)]


def test_a_submission_that_was_judged_is_not_judged_again(solved: Any, submit: Any, autograde: Any, course: Path) -> None:
    submit("ada", solved("# points: 6"))
    assert autograde("ada")
    stored = course / "reports" / SLUG / "ada.json"
    document = json.loads(stored.read_text())
    document["backend"] = "the first one"
    stored.write_text(json.dumps(document))
    assert autograde("ada")
    assert json.loads(stored.read_text())["backend"] == "the first one"
    (course / SLUG / "checks.py").write_text("# the checks have changed")
    assert autograde("ada")
    assert json.loads(stored.read_text())["backend"] == "none (a test)"


def test_handing_in_late_costs_a_share_for_each_day_begun(solved: Any, submit: Any, autograde: Any, course: Path) -> None:
    with Gradebook(database_url(course)) as book:
        book.update_or_create_assignment(SLUG, duedate="2026-11-01 12:00:00")
    costs = {}
    times = {"grace": "2026-11-01 12:09:00 UTC", "day": "2026-11-01 13:00:00 UTC", "days": "2026-11-20 12:00:00 UTC"}
    for learner, when in times.items():
        submit(learner, solved("# points: 8"), when)
        assert autograde(learner)
        costs[learner] = total(course, learner)
    assert costs == {"grace": (8, 0), "day": (8, 0.8), "days": (8, 4)}


def test_evidence_is_released_beside_the_notebook_and_is_nothing_to_hand_in(course: Path, released: Any) -> None:
    assert (course / "release/thumbnails/evidence/app.log").read_text() == "START\n"
    assert "evidence" not in json.dumps(released()["cells"])


def test_the_courses_settings_let_nbgrader_add_submissions_without_a_warning(
    course: Path, solved: Any, submit: Any, autograde: Any
) -> None:
    submit("ada", solved("# points: 6"))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", SAWarning)
        configure(Config(), course)
        assert autograde("ada")
    assert [str(one.message) for one in told if issubclass(one.category, SAWarning)] == []
