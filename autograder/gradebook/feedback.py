"""Feedback a learner can act on: nbgrader's scores and comments, the judge's checks, the files; rendered by our own template."""

from __future__ import annotations

import json
import re
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from autograder.gradebook.notebook import files_of
from autograder.gradebook.report_html import feedback_page
from autograder.gradebook.take_report import CRITERION_MIME

_MARKDOWN = re.compile(r"\*\*(.+?)\*\*[^:]*:\s+")


class FeedbackExporter(Exporter):
    """``c.GenerateFeedback.exporter_class``. Grades come from nbgrader's GetGrades, which runs first."""

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **_settings: Any) -> tuple[str, Any]:
        """The page, and nbconvert's resources."""
        nb, resources = super().from_notebook_node(nb, resources)
        names = resources["nbgrader"]
        course = nb.metadata.get("course", {})
        page = feedback_page(
            title=_title(nb),
            score=round(names["score"], 2),
            max_score=round(names["max_score"], 2),
            late_penalty=round(names["late_penalty"], 2),
            notes=[*course.get("notes", []), *filter(None, [course.get("unreadable", "")])],
            parts=[part for cell in nb.cells if (part := _part(cell)) is not None],
            files=_files(nb),
        )
        return page, resources


def _part(cell: NotebookNode) -> dict[str, Any] | None:
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("grade"):
        criterion = json.loads(cell.outputs[0].data[CRITERION_MIME]) if cell.get("outputs") else None
        title = cell.source.splitlines()[0].removeprefix("# ").rpartition(":")[0]
        changed = criterion is not None and round(marks["score"], 2) != criterion["points"]
        return _scored(marks, title) | {"criterion": criterion, "changed": changed, "text": ""}
    if marks.get("task"):
        title = found[1] if (found := _MARKDOWN.match(cell.source)) else marks["grade_id"]
        return _scored(marks, title) | {"criterion": None, "changed": False, "text": _MARKDOWN.sub("", cell.source, count=1)}
    return None


def _scored(marks: Any, title: str) -> dict[str, Any]:
    return {"title": title, "score": marks["score"], "points": marks["points"], "comment": marks.get("comment") or ""}


def _files(nb: NotebookNode) -> list[dict[str, str]]:
    comments = {
        cell.metadata.course.path: cell.metadata.nbgrader.get("comment") or "" for cell in nb.cells if "course" in cell.metadata
    }
    return [{"path": path, "text": text, "comment": comments.get(path, "")} for path, text in files_of(nb).items()]


def _title(nb: NotebookNode) -> str:
    return str(nb.cells[0].source.splitlines()[0].removeprefix("# "))
