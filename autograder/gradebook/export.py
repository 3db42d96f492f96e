"""Marks out of the gradebook: the export plugin of nbgrader, with a writer that quotes and defuses formulas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Enum

from autograder.gradebook.marks_csv import FORMATS, Mark


class SafeCsv(ExportPlugin):  # type: ignore[misc]
    """``nbgrader export`` in this course; ``--SafeCsv.format=canvas`` or ``moodle`` for the platforms."""

    format = Enum(tuple(FORMATS), default_value="nbgrader", help="whose columns to write").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write to the file named by ``--to``, ``grades.csv`` without one."""
        marks = [
            mark
            for mark in marks_of(gradebook)
            if (not self.assignment or mark.assignment in self.assignment) and (not self.student or mark.learner in self.student)
        ]
        Path(self.to or "grades.csv").write_text(FORMATS[self.format](marks), "utf-8", newline="")


def read_marks(database_url: str) -> list[Mark]:
    """Every learner's mark for every assignment."""
    with Gradebook(database_url) as gradebook:
        return list(marks_of(gradebook))


def marks_of(gradebook: Gradebook) -> Iterator[Mark]:
    """By assignment, then by learner."""
    for assignment in gradebook.assignments:
        for student in gradebook.students:
            yield _mark(gradebook, assignment, student)


def _mark(gradebook: Gradebook, assignment: Any, student: Any) -> Mark:
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
        raw, late, when = submission.score, submission.late_submission_penalty or 0.0, str(submission.timestamp or "")
        waits = bool(submission.needs_manual_grade)
    except MissingEntry:
        raw, late, when, waits = 0.0, 0.0, "", False
    return Mark(
        assignment=assignment.name,
        learner=student.id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
        raw_score=round(raw, 2),
        late_penalty=round(late, 2),
        max_score=assignment.max_score,
        timestamp=when,
        due=str(assignment.duedate or ""),
        waits=waits,
    )
