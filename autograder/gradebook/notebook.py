"""The notebook of an assessment, made from its sheet: what nbgrader calls source, and what a submission is rebuilt on.

A cell for each file to hand in (editable, graded by nobody itself), one grade cell per criterion (filled by the judge), one
task cell per line of the rubric (scored by a person). Nothing in it is executed to grade.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.gradebook.form import PATH, Part, Sheet

SCHEMA_VERSION = 3
_MAGIC = re.compile(r"%%writefile[ \t]+(\S+)[ \t]*(?:\n|$)")


def notebook_of(sheet: Sheet) -> NotebookNode:
    """Deterministic: the same sheet gives the same bytes."""
    folders = sorted({name.rpartition("/")[0] for name in sheet.files} - {""})
    cells = [
        _locked(new_markdown_cell(f"# {sheet.title}\n\n{_without_title(sheet.task)}"), "task"),
        _locked(new_markdown_cell(sheet.how), "how-to-hand-in"),
        _locked(new_code_cell(_make(folders)), "folders"),
    ]
    for name, text in sheet.files.items():
        if name in sheet.before:
            cells.append(_locked(new_markdown_cell(sheet.before[name]), f"before-{file_id(name)}"))
        cell = new_code_cell(f"%%writefile {name}\n{text}".rstrip("\n"))
        cells.append(_marked(cell, file_id(name), solution=True, locked=False, course={"path": name}))
    cells += [_criterion(part, sheet.graded_by) for part in sheet.criteria]
    cells += [_rubric(part) for part in sheet.rubric]
    for cell in cells:
        cell["id"] = cell.metadata.nbgrader.grade_id[:64]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    nbformat.validate(notebook)
    return notebook


def write_source(sheet: Sheet, course: Path) -> Path:
    """``source/<slug>/<slug>.ipynb`` and what is given beside it, rewritten where they would differ: nbgrader looks at times."""
    path = course / "source" / sheet.slug / f"{sheet.slug}.ipynb"
    texts = {path: nbformat.writes(notebook_of(sheet)) + "\n", **{path.parent / name: text for name, text in sheet.given.items()}}
    for place, text in texts.items():
        if not place.exists() or place.read_text("utf-8") != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
    return path


def file_id(name: str) -> str:
    """The grade id of a file's cell."""
    return "file-" + re.sub(r"[^a-zA-Z0-9]+", "-", name)


def criterion_id(name: str) -> str:
    """The grade id of a criterion's cell."""
    return f"criterion-{name}"


def files_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """The submission's files, from a notebook that was rebuilt: the paths are ours, the texts the learner's.

    A further code cell that begins with ``%%writefile src/more.py`` is a file too; a path that leads elsewhere is none.
    """
    files: dict[str, str] = {}
    for cell in notebook["cells"]:
        path = cell["metadata"].get("course", {}).get("path")
        written = _MAGIC.match(cell["source"])
        text = cell["source"][written.end() :] if written else cell["source"]
        if path is None and written is not None and PATH.fullmatch(written[1]) and "nbgrader" not in cell["metadata"]:
            path = written[1]
        if path is not None:
            files.setdefault(path, text + "\n" if text and not text.endswith("\n") else text)
    return files


def _criterion(part: Part, graded_by: str) -> NotebookNode:
    source = f"# {part.title}: {part.points:g} points.\n# Graded by {graded_by}; this cell stays as it is."
    return _marked(new_code_cell(source), criterion_id(part.id), grade=True, points=part.points)


def _rubric(part: Part) -> NotebookNode:
    return _marked(
        new_markdown_cell(f"**{part.title}** ({part.points:g} points, by a person):\n\n{part.text}"),
        f"rubric-{part.id}",
        task=True,
        points=part.points,
    )


def _locked(cell: NotebookNode, grade_id: str) -> NotebookNode:
    return _marked(cell, grade_id)


def _marked(cell: NotebookNode, grade_id: str, *, course: dict[str, Any] | None = None, **marks: Any) -> NotebookNode:
    nbgrader = {"grade": False, "solution": False, "locked": True, "task": False} | marks
    cell.metadata["nbgrader"] = nbgrader | {"grade_id": grade_id, "schema_version": SCHEMA_VERSION}
    if course:
        cell.metadata["course"] = course
    return cell


def _make(folders: list[str]) -> str:
    lines = ["# Run this cell once: the cells below write into these folders.", "from pathlib import Path", ""]
    return "\n".join([*lines, *(f'Path("{name}").mkdir(parents=True, exist_ok=True)' for name in folders)])


def _without_title(task: str) -> str:
    return re.sub(r"\A\s*# .*\n+", "", task)


_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
