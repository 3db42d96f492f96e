from __future__ import annotations

import csv
import fcntl
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.errors import SubmissionError
from autograder.gradebook import report_store
from autograder.gradebook.class_grades import grade_collected
from autograder.gradebook.export import read_marks
from autograder.gradebook.marks_csv import Mark, canvas_csv, moodle_csv, nbgrader_csv
from autograder.gradebook.settings import database_url
from autograder.marking.crew import Crew
from autograder.marking.job import Bench
from autograder.marking.journal import read_reports
from autograder.marking.roll import Handed
from autograder.marking.run import grade_class
from autograder.report import Report

SLUG = "thumbnails"


@pytest.fixture
def grade(tmp_path: Path) -> Any:
    def with_two_workers(bench: Bench, handed: Sequence[Handed], known: Sequence[Report]) -> list[Report]:
        out = tmp_path / "results.jsonl"
        return grade_class(bench.assessment, handed, Crew(bench, 2).run, out, known=known, resume=True)

    return with_two_workers


def test_a_class_with_broken_and_hostile_submissions_is_graded_whole(
    course: Path, settings: Any, grade: Any, solved: Any, submit: Any, scores: Any, tmp_path: Path
) -> None:
    submit("ada", solved("# points: 8"))
    submit("broken", b"{")
    submit("dies", solved("# the worker dies"))
    duplicated = solved("# points: 3")
    duplicated["cells"] += duplicated["cells"]
    submit("mary", duplicated)
    old = solved("# points: 4")
    for cell in old["cells"]:
        cell["metadata"]["nbgrader"]["schema_version"] = 0
    submit("zoe", old)
    submit("no notebook", b"")
    (submit("empty", b"") / f"{SLUG}.ipynb").unlink()
    (submit("linked", b"") / f"{SLUG}.ipynb").unlink()
    (course / "submitted/linked" / SLUG / f"{SLUG}.ipynb").symlink_to(course / "submitted/ada" / SLUG / f"{SLUG}.ipynb")
    filled = grade_collected(course, SLUG, settings, grade)
    assert {report.submission: report.status for report in filled.reports} == {
        "ada": "graded", "broken": "graded", "dies": "failed", "empty": "graded", "linked": "graded", "mary": "graded",
        "no notebook": "failed", "zoe": "graded",
    }  # fmt: skip
    assert read_all(tmp_path / "results.jsonl") == {report.submission: report for report in filled.reports}
    assert list(filled.refused) == ["no notebook", "dies"]
    assert "moved to quarantine/" in filled.refused["no notebook"]
    assert "the worker died" in filled.refused["dies"]
    learners = ("ada", "broken", "dies", "empty", "linked", "mary", "zoe")
    assert [scores(learner)["criterion-function"][0] for learner in learners] == [8, 0, None, 0, 0, 3, 4]


def read_all(results: Path) -> dict[str, Report]:
    return {report.submission: report for report in read_reports(results)}


def test_another_key_than_the_courses_own_draws_the_values_and_each_submission_is_judged_once(
    course: Path, settings: Any, solved: Any, submit: Any, scores: Any
) -> None:
    (course / "course.key").write_text("00" * 16)
    settings.TakeReport.judge = "reading_judge:open_keyed_judge"
    submit("ada", solved("# points: 8"))
    keys: list[str] = []

    def grade(bench: Bench, handed: Sequence[Handed], _known: Sequence[Report]) -> list[Report]:
        keys.append(bench.settings["course_key"])
        return list(Crew(bench, 1).run(handed))

    (report,) = grade_collected(course, SLUG, settings, grade, key="ab" * 16).reports
    assert (keys, report.variant) == (["ab" * 16], {"key": "ab" * 16})
    assert report_store.stored(course, SLUG, "ada") == report, "and not that of a second judgement"
    assert scores("ada")["criterion-function"][0] == 8


def test_nothing_collected_says_how_to_collect(course: Path, settings: Any, grade: Any) -> None:
    with pytest.raises(SubmissionError, match="nbgrader collect thumbnails"):
        grade_collected(course, SLUG, settings, grade)


def test_the_gradebook_has_one_writer(course: Path, settings: Any, grade: Any, solved: Any, submit: Any) -> None:
    submit("ada", solved("# points: 8"))
    with (course / ".gradebook.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SubmissionError, match="another run"):
            grade_collected(course, SLUG, settings, grade)


def test_marks_hold_everybody_with_penalties_taken_off(course: Path, autograde: Any, solved: Any, submit: Any) -> None:
    submit("ada", solved("# points: 8"))
    assert autograde("ada")
    marks = read_marks(database_url(course))
    assert [(mark.assignment, mark.learner, mark.score, mark.max_score) for mark in marks] == [(SLUG, "ada", 8, 19)]


HOSTILE = Mark("lab", '=HYPERLINK("http://x")', "@SUM(1)", '+1,"quoted"', "-2@x.example", 7.5, 0.5, 10, "", "")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("table", [nbgrader_csv, canvas_csv, moodle_csv])
def test_no_cell_of_an_export_is_a_formula_and_commas_stay_inside(table: Any) -> None:
    text = table([HOSTILE])
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert len({len(row) for row in csv.reader(io.StringIO(text))}) == 1


def test_each_platform_finds_its_columns() -> None:
    marks = [
        Mark("lab", "ada", "Ada", "Lovelace", "ada@x.example", 7.5, 0.5, 10, "2026-11-01", "2026-11-02"),
        Mark("exam", "ada", "Ada", "Lovelace", "ada@x.example", 50, 0, 100, "", ""),
    ]
    assert rows(nbgrader_csv(marks))[0]["score"] == "7.0"
    assert rows(canvas_csv(marks)) == [
        {"Student": "    Points Possible", "ID": "", "SIS Login ID": "", "Section": "", "lab": "10", "exam": "100"},
        {"Student": "Lovelace, Ada", "ID": "", "SIS Login ID": "ada", "Section": "", "lab": "7.0", "exam": "50"},
    ]
    person = {"First name": "Ada", "Last name": "Lovelace", "ID number": "ada", "Email address": "ada@x.example"}
    assert rows(moodle_csv(marks)) == [person | {"exam": "50", "lab": "7.0"}]


def test_a_persons_score_for_an_earlier_submission_is_void_and_logged_when_the_class_is_graded_again(
    course: Path, settings: Any, grade: Any, solved: Any, submit: Any, scores: Any
) -> None:
    submit("ada", solved("# points: 6"))
    grade_collected(course, SLUG, settings, grade)
    with Gradebook(database_url(course)) as book:
        given = book.find_grade("rubric-design", SLUG, SLUG, "ada")
        given.manual_score, given.needs_manual_grade = 3, False
        book.db.commit()
    grade_collected(course, SLUG, settings, grade)
    assert scores("ada")["rubric-design"] == (None, 3, False)
    submit("ada", solved("# points: 7"))
    grade_collected(course, SLUG, settings, grade)
    assert (scores("ada")["criterion-function"][0], scores("ada")["rubric-design"]) == (7, (None, None, True))
    assert '"manual_score": 3' in (course / "reports" / SLUG / "void-manual-scores.jsonl").read_text()
