"""Tables of marks for other programs: nbgrader's own columns, Canvas's and Moodle's. Quoted, and safe to open in a spreadsheet.

Columns: Canvas, "How do I import grades in the Gradebook?" (Student, ID, SIS Login ID, Section, then one column an assignment
with a "Points Possible" row); Moodle 4, "Grade import" maps any columns, by e-mail address or ID number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  # OWASP, CSV injection; a pipe starts DDE


@dataclass(frozen=True, slots=True)
class Mark:
    """What one learner got for one assignment; without a submission the score is 0 and ``timestamp`` empty."""

    assignment: str
    learner: str
    first_name: str
    last_name: str
    email: str
    raw_score: float
    late_penalty: float
    max_score: float
    timestamp: str
    due: str
    waits: bool = False  # a person has yet to score a part

    @property
    def score(self) -> float:
        return max(0.0, round(self.raw_score - self.late_penalty, 2))


def nbgrader_csv(marks: Iterable[Mark]) -> str:
    """The columns of ``nbgrader export``, in its order."""
    rows = [
        {
            "assignment": mark.assignment,
            "duedate": mark.due,
            "timestamp": mark.timestamp,
            "student_id": mark.learner,
            "last_name": mark.last_name,
            "first_name": mark.first_name,
            "email": mark.email,
            "raw_score": mark.raw_score,
            "late_submission_penalty": mark.late_penalty,
            "score": mark.score,
            "max_score": mark.max_score,
        }
        for mark in marks
    ]
    columns = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
    return _table([*columns, "raw_score", "late_submission_penalty", "score", "max_score"], rows)


def canvas_csv(marks: Sequence[Mark]) -> str:
    """One row a learner, one column an assignment; the row of points possible comes first, as Canvas wants it."""
    assignments = {mark.assignment: mark.max_score for mark in marks}
    rows: dict[str, dict[str, Any]] = {}
    for mark in marks:
        name = ", ".join(filter(None, [mark.last_name, mark.first_name])) or mark.learner
        row = rows.setdefault(mark.learner, {"Student": name, "ID": "", "SIS Login ID": mark.learner, "Section": ""})
        row[mark.assignment] = mark.score
    possible = {"Student": "    Points Possible", **assignments}
    return _table(["Student", "ID", "SIS Login ID", "Section", *assignments], [possible, *rows.values()])


def moodle_csv(marks: Sequence[Mark]) -> str:
    """One row a learner; map "ID number" or "Email address" at import."""
    assignments = sorted({mark.assignment for mark in marks})
    rows: dict[str, dict[str, Any]] = {}
    for mark in marks:
        person = {"First name": mark.first_name, "Last name": mark.last_name, "ID number": mark.learner}
        row = rows.setdefault(mark.learner, person | {"Email address": mark.email})
        row[mark.assignment] = mark.score
    return _table(["First name", "Last name", "ID number", "Email address", *assignments], rows.values())


FORMATS = {"nbgrader": nbgrader_csv, "canvas": canvas_csv, "moodle": moodle_csv}


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_safe(column) for column in columns])
    writer.writerows([[_safe(row.get(column, "")) for column in columns] for row in rows])
    return text.getvalue()


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would compute is shown with an apostrophe before it; numbers are ours and stay numbers."""
    if isinstance(value, str) and value.lstrip(" \0").startswith(_FORMULA):
        return f"'{value}"
    return value
