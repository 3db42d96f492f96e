"""Notebooks that break stock nbgrader, or its class: each is graded for the files in it, and for nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.errors import SubmissionError
from autograder.gradebook.intake import NOTEBOOK_BYTES_MAX, read_cells, rebuilt
from autograder.gradebook.notebook import files_of, notebook_of
from autograder.gradebook.sheet import Part, Sheet

SHEET = Sheet(
    "thumbnails",
    "Small images",
    "# Small images\n\nDo it.",
    {"template.yaml": "Resources: {}\n", "src/app.py": "pass\n"},
    (Part("function", "It works", 10),),
    (Part("design", "Design", 4, "Said?"),),
)
Notebook = dict[str, Any]


@pytest.fixture
def ours() -> nbformat.NotebookNode:
    return notebook_of(SHEET)


def submitted(tmp_path: Path, ours: nbformat.NotebookNode, edit: Callable[[Notebook], Any]) -> Path:
    notebook = json.loads(nbformat.writes(ours))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    app(notebook)["source"] = "%%writefile src/app.py\nsolved = True"
    notebook = edit(notebook) or notebook
    path = tmp_path / "thumbnails.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def app(notebook: Notebook) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "file-src-app-py")


def without(notebook: Notebook, grade_id: str) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["grade_id"] != grade_id]


def every(notebook: Notebook, **change: Any) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"].update(change)


EDITS: dict[str, Callable[[Notebook], Any]] = {
    "nothing": lambda _: None,
    "a grade cell deleted": lambda nb: without(nb, "criterion-function"),
    "a grade cell duplicated": lambda nb: nb["cells"].append(nb["cells"][-2]),
    "points raised": lambda nb: every(nb, points=1000),
    "an older schema": lambda nb: every(nb, schema_version=0),
    "a newer schema": lambda nb: every(nb, schema_version=99),
    "everything a grade cell": lambda nb: every(nb, grade=True, solution=False, locked=False),
    "ids beside the pattern": lambda nb: nb["cells"].append({"metadata": {"nbgrader": {"grade_id": "../../x"}}, "source": "x"}),
    "metadata of wrong types": lambda nb: nb["cells"].extend(
        [{"metadata": []}, {"metadata": {"nbgrader": []}}, {"metadata": {"nbgrader": {"grade_id": {}}}, "source": 7}, None, 3]
    ),
    "the file's cell turned raw": lambda nb: app(nb).update(cell_type="raw"),
    "the source a list of lines": lambda nb: app(nb).update(source=app(nb)["source"].splitlines(keepends=True)),
    "outputs and markup": lambda nb: app(nb).update(
        outputs=[{"output_type": "display_data", "data": {"text/html": "<script>x</script>"}, "metadata": {}}]
    ),
    "notebook metadata": lambda nb: nb.update(metadata={"kernelspec": {"name": "evil"}, "course": {"notes": ["<b>"]}}),
    "another format": lambda nb: nb.update(nbformat=3, nbformat_minor=0),
    "markdown of a stranger": lambda nb: nb["cells"].append(
        {"cell_type": "markdown", "metadata": {}, "source": "<img onerror=x>"}
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_of_an_edited_notebook_only_the_text_of_files_survives(tmp_path: Path, ours: nbformat.NotebookNode, name: str) -> None:
    found = rebuilt(ours, submitted(tmp_path, ours, EDITS[name]))
    assert files_of(found) == {"template.yaml": "Resources: {}\n", "src/app.py": "solved = True\n"}
    assert found.metadata.course == {"notes": [], "unreadable": ""}
    app(found)["source"] = "%%writefile src/app.py\npass"
    del found.metadata["course"]
    assert found == ours


def test_a_deleted_file_is_the_one_that_was_given_and_the_learner_is_told(tmp_path: Path, ours: nbformat.NotebookNode) -> None:
    found = rebuilt(ours, submitted(tmp_path, ours, lambda nb: without(nb, "file-src-app-py")))
    assert files_of(found)["src/app.py"] == "pass\n"
    assert found.metadata.course.notes == ["The cell of src/app.py was missing; the text you were given was graded."]


@pytest.mark.parametrize("order", [0, 1])
def test_of_a_duplicated_file_the_last_changed_one_counts(tmp_path: Path, ours: nbformat.NotebookNode, order: int) -> None:
    def twice(notebook: Notebook) -> None:
        copy = json.loads(json.dumps(app(notebook))) | {"source": "%%writefile src/app.py\npass"}
        notebook["cells"].insert(0 if order else len(notebook["cells"]), copy)

    found = rebuilt(ours, submitted(tmp_path, ours, twice))
    assert files_of(found)["src/app.py"] == "solved = True\n"
    assert found.metadata.course.notes == ["The cell of src/app.py was there 2 times; the last one you changed was graded."]


def test_a_new_cell_may_be_a_new_file_but_only_inside_the_submission(tmp_path: Path, ours: nbformat.NotebookNode) -> None:
    names = ["src/more.py", "../evil.py", "/etc/cron.d/x", "src/../../x", "~/.profile", "src/app.py", ".git/hooks/x"]

    def add(notebook: Notebook) -> None:
        notebook["cells"] += [{"cell_type": "code", "metadata": {}, "source": f"%%writefile {name}\nnew"} for name in names]

    files = files_of(rebuilt(ours, submitted(tmp_path, ours, add)))
    assert files == {"template.yaml": "Resources: {}\n", "src/app.py": "solved = True\n", "src/more.py": "new\n"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"[]",
        b'{"cells": 3}',
        b'{"cells": {}}',
        b"[" * 200_000,
        b'{"cells": [' + b'{"cells":' * 90_000,
        b"\xff\xfe{}",
        b'{"cells": [], "x": ' + b"9" * 10_000 + b"}",
        b" " * (NOTEBOOK_BYTES_MAX + 1),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_notebook_is_refused_with_what_to_do(tmp_path: Path, ours: nbformat.NotebookNode, content: bytes) -> None:
    path = tmp_path / "thumbnails.ipynb"
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match="submit it again"):
        read_cells(path)
    found = rebuilt(ours, path)
    assert found.metadata.course.unreadable
    assert files_of(found) == {"template.yaml": "Resources: {}\n", "src/app.py": "pass\n"}


def test_links_pipes_and_absent_notebooks_are_never_opened(tmp_path: Path, ours: nbformat.NotebookNode) -> None:
    secret = submitted(tmp_path, ours, lambda _: None)
    link, pipe = tmp_path / "link.ipynb", tmp_path / "pipe.ipynb"
    link.symlink_to(secret)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path / "absent.ipynb", tmp_path):
        assert rebuilt(ours, path).metadata.course.unreadable


def test_half_a_surrogate_pair_does_not_get_further(tmp_path: Path, ours: nbformat.NotebookNode) -> None:
    path = submitted(tmp_path, ours, lambda nb: app(nb).update(source="%%writefile src/app.py\nname = '\ud800'"))
    assert files_of(rebuilt(ours, path))["src/app.py"] == "name = '?'\n"


def test_the_task_is_told_with_the_values_it_is_graded_by(released: Any) -> None:
    told = "".join(released()["cells"][0]["source"])
    assert "Make a thumbnail of *every* image, 256 pixels {wide}." in told


def test_the_same_sheet_gives_the_same_notebook() -> None:
    assert nbformat.writes(notebook_of(SHEET)) == nbformat.writes(notebook_of(SHEET))
