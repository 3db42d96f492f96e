"""The settings of an nbgrader course whose submissions are judged, not executed: what ``nbgrader_config.py`` loads."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SAWarning

from autograder.assessment import find_assessments
from autograder.gradebook.notebook import write_source
from autograder.gradebook.sheet import sheet_of
from autograder.quiz.assignment import find_quizzes

SQLITE_PATIENCE_SECONDS = 60


def configure(c: Any, course: Path) -> None:
    """Set traits on ``c`` and bring ``source/`` up to date: every quiz, and every assessment with a task
    and a starter, becomes an assignment.

    ``COURSE_GRADEBOOK_URL`` names another database (``postgresql+psycopg://…``).
    """
    for assessment in find_assessments(course):
        if (assessment.folder / "README.md").exists() and (assessment.folder / "starter").is_dir():
            write_source(sheet_of(assessment.folder), course)
    for quiz in find_quizzes(course):
        write_source(sheet_of(quiz.folder), course)
    _find_alembic()
    let_rows_be_added_late()
    c.CourseDirectory.root = str(course)
    c.CourseDirectory.course_id = "lambda-course"
    c.CourseDirectory.db_url = database_url(course)
    c.GenerateAssignment.preprocessors = [
        f"nbgrader.preprocessors.{name}"
        # No ClearSolutions: there is no solution in source/, and it would put a stub over the files learners start from.
        for name in ("LockCells", "ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells", "ComputeChecksums")
    ]
    c.ExchangeFactory.collect = "autograder.gradebook.collect.CarefulCollect"
    c.Autograde.exporter_class = "autograder.gradebook.exporter.RebuildingExporter"
    c.Autograde.autograde_preprocessors = [
        "autograder.gradebook.take_report.TakeReport",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.LatePenalty"
    c.GenerateFeedback.exporter_class = "autograder.gradebook.feedback.FeedbackExporter"
    c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]
    c.ExportApp.plugin_class = "autograder.gradebook.export.SafeCsv"


def _find_alembic() -> None:
    """nbgrader starts ``alembic`` by name to make a database, and an environment that is not activated hides it."""
    here = str(Path(sys.executable).parent)
    if here not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])


def let_rows_be_added_late() -> None:
    """nbgrader's ``Gradebook.add_submission`` reads the database while the rows it makes are not in the session yet. It adds them
    all right after; since SQLAlchemy 2 there is a warning for each, a screen of them a class.
    """
    told = r"Object of type <(SubmittedAssignment|SubmittedNotebook|Grade|Comment)> not in session"
    warnings.filterwarnings("ignore", told, SAWarning, module=r"nbgrader\.api$")


def database_url(course: Path) -> str:
    """Embedded SQLite beside the course unless another is named. It waits for a lock instead of giving up."""
    return os.environ.get("COURSE_GRADEBOOK_URL") or f"sqlite:///{course / 'gradebook.db'}?timeout={SQLITE_PATIENCE_SECONDS}"
