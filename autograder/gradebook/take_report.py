"""The step that stands where nbgrader would execute the notebook: the judge's report becomes the scores of the grade cells.

First the old scores go, then the judge is asked, then the new ones are written. Whatever fails in between leaves cells without a
score that say they need a person, never a score of an earlier submission.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook, MissingEntry, TaskCell
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from autograder.errors import GraderFault
from autograder.gradebook import report_store
from autograder.gradebook.form import Sheet
from autograder.gradebook.notebook import criterion_id, files_of
from autograder.gradebook.report_html import criterion_table
from autograder.gradebook.sheet import sheet_of
from autograder.marking.crew import Crew
from autograder.marking.job import Bench, bench_for
from autograder.marking.roll import Handed, tree_digest
from autograder.quiz.assignment import is_quiz
from autograder.report import CheckResult, CriterionResult, Report

KEY_FILE = "course.key"
CRITERION_MIME = "application/vnd.lambda-course.criterion+json"


class TakeReport(NbGraderPreprocessor):  # type: ignore[misc]
    """``c.Autograde.autograde_preprocessors`` has it in place of ``Execute``."""

    judge = Unicode(help="module:name of what opens the judge").tag(config=True)
    quiz_judge = Unicode(help="the same for graded quizzes, which need no account").tag(config=True)
    allow_unsafe = Bool(help="judge even on a machine that cannot isolate submissions").tag(config=True)
    retry_failed = Bool(default_value=True, help="judge again what the judge failed on").tag(config=True)
    course_key = Unicode(help="the key in hex that variants are drawn with; course.key beside the config without it").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Raises GraderFault when the judge failed: nbgrader then reports this learner and goes on with the next."""
        names = resources["nbgrader"]
        course = Path.cwd()  # nbgrader has gone there
        sheet = sheet_of(course / names["assignment"])
        judge = judge_of(course / names["assignment"], self.judge, self.quiz_judge)
        bench = course_bench(course, names["assignment"], judge, key=self.course_key, allow_unsafe=self.allow_unsafe)
        with written(files_of(nb)) as folder:
            digest = tree_digest(folder, bench.seed + nb.metadata.course.unreadable)
            before = report_store.stored(course, names["assignment"], names["student"])
            self._forget(course, names, digest, before)
            if before is not None and before.digest == digest and (before.status == "graded" or not self.retry_failed):
                report = before
            elif nb.metadata.course.unreadable:
                report = unreadable(sheet, names["student"], digest, nb.metadata.course.unreadable)
            else:
                report = _judged(bench, Handed(names["student"], folder, digest))
        report_store.store(course, report)
        if report.status == "failed":
            raise GraderFault(f"the judge failed on {names['student']}: {report.reason}")
        _fill(nb, report)
        return nb, resources

    def _forget(self, course: Path, names: Mapping[str, str], digest: str, before: Report | None) -> None:
        """No score outlives what it was given for. A person's scores stay while the submission is as it was."""
        if before is not None and before.digest != digest:
            void_manual_scores(course, names["db_url"], names["assignment"], before)
        with Gradebook(names["db_url"]) as book:
            submission = book.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            for grade in submission.grades:
                grade.auto_score = None
                grade.needs_manual_grade = not isinstance(grade.cell, TaskCell) or grade.manual_score is None
            book.db.commit()


def judge_of(folder: Path, judge: str, quiz_judge: str) -> str:
    """Which of the two the assignment in ``folder`` needs."""
    return quiz_judge if is_quiz(folder) else judge


def void_manual_scores(course: Path, database_url: str, slug: str, before: Report) -> None:
    """What a person gave for the submission of ``before``, which another replaces: logged, and taken out of the gradebook."""
    with Gradebook(database_url) as book:
        try:
            submission = book.find_submission_notebook(slug, slug, before.submission)
        except MissingEntry:
            return
        for grade in submission.grades:
            if grade.manual_score is not None:
                void = {"learner": before.submission, "cell": grade.name, "manual_score": grade.manual_score}
                report_store.log_void(course, slug, void | {"digest": before.digest})
                grade.manual_score = None
        book.db.commit()


def course_bench(course: Path, slug: str, judge: str, *, key: str = "", allow_unsafe: bool) -> Bench:
    """Who judges submissions to this course. ``key`` (hex), or the course's own if it has one, draws each learner's variant."""
    own = course / KEY_FILE
    settings = {"allow_unsafe": allow_unsafe, "course_key": key or (own.read_text("utf-8").strip() if own.exists() else "")}
    return bench_for(course / slug, judge, settings)


@contextlib.contextmanager
def written(files: Mapping[str, str]) -> Iterator[Path]:
    """The files in a folder of their own, gone afterwards. Their paths were checked when they were read."""
    with tempfile.TemporaryDirectory(prefix="submission-") as name:
        for path, text in files.items():
            target = Path(name, path)
            with contextlib.suppress(OSError):  # a file where another needs a folder: the learner's contradiction
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
        yield Path(name)


def _judged(bench: Bench, handed: Handed) -> Report:
    return next(Crew(bench, 1).run([handed]))


def unreadable(sheet: Sheet, learner: str, digest: str, reason: str) -> Report:
    """There is nothing to judge: every criterion is lost, for a reason the learner can mend."""
    criteria = tuple(CriterionResult(part.id, (CheckResult("notebook", 0, part.points, reason),)) for part in sheet.criteria)
    return Report(sheet.slug, learner, "graded", criteria, digest=digest, backend="none: nothing was run")


def _fill(nb: NotebookNode, report: Report) -> None:
    """nbgrader reads a score from a cell's result; our table and the plain data for feedback lie beside it."""
    results = {criterion_id(criterion.name): criterion for criterion in report.criteria}
    documents = report.as_json()["criteria"]
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if not marks.get("grade"):
            continue
        criterion = results.get(marks["grade_id"])
        if criterion is None or abs(criterion.max - marks["points"]) > 0.005:
            raise GraderFault(
                f"the report has no {marks['points']:g} points for {marks['grade_id']}; generate the assignment anew"
            )
        document = documents[criterion.name] | {"name": criterion.name}
        data = {
            "text/plain": f"{criterion.points:.2f}",
            "text/html": criterion_table(document),
            CRITERION_MIME: json.dumps(document),
        }
        cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
