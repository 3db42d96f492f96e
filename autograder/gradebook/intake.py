"""A submitted notebook read as hostile data, and rebuilt on ours: of the learner's file only the text of file cells survives.

Deleted cells come back, duplicated ones are one again, edited metadata, types, points and outputs are gone. A notebook that
cannot be read is a submission without files and says why; it never stops anybody else's grade.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.errors import SubmissionError
from autograder.intake import CELL_CHARS_MAX, CELLS_MAX, NOTEBOOK_BYTES_MAX
from autograder.source_tree import read_file

_NEW_FILE = "%%writefile "


def read_cells(path: Path) -> list[tuple[str, str]]:
    """(grade id or "", source) of every code cell, in order. SubmissionError says what to do about a notebook that is none."""
    mend = "open it in JupyterLab, clear its outputs, save it, and submit it again"
    try:
        content = read_file(path, path.name, NOTEBOOK_BYTES_MAX)
    except SubmissionError as error:
        raise SubmissionError(f"{error}; {mend}") from error
    if not content:
        raise SubmissionError(
            f"{path.name} is not there, is a link or is empty; fill in the one that was released and submit it again"
        )
    try:
        document = json.loads(content, parse_constant=str)
        cells = document["cells"]
        if not isinstance(cells, list):
            raise TypeError("its cells are no list")
        return [found for cell in cells[:CELLS_MAX] if (found := _cell(cell)) is not None]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise SubmissionError(f"{path.name} is not a readable notebook ({type(error).__name__}); {mend}") from error


def rebuilt(ours: Mapping[str, Any], submitted: Path) -> NotebookNode:
    """Our notebook with the learner's texts in it. ``metadata.course`` tells what was found: ``notes``, and ``unreadable``."""
    notebook = from_dict(copy.deepcopy(dict(ours)))
    try:
        cells, unreadable = read_cells(submitted), ""
    except SubmissionError as error:
        cells, unreadable = [], str(error)
    notes = [] if unreadable else list(_fill(notebook, cells))
    notebook.metadata["course"] = {"notes": notes, "unreadable": unreadable}
    return notebook


def _fill(notebook: NotebookNode, cells: list[tuple[str, str]]) -> Iterator[str]:
    """Put the learner's texts in and yield what there was to remark."""
    known = {cell.metadata.nbgrader.grade_id for cell in notebook.cells}
    for cell in notebook.cells:
        if not cell.metadata.nbgrader.solution:
            continue
        identity = cell.metadata.nbgrader.grade_id
        texts = [text for found, text in cells if found == identity]
        changed = [text for text in texts if text != cell.source]
        if not texts:
            yield f"The cell of {cell.metadata.course.path} was missing; the text you were given was graded."
        elif len(texts) > 1:
            yield f"The cell of {cell.metadata.course.path} was there {len(texts)} times; the last one you changed was graded."
        cell.source = changed[-1] if changed else cell.source
    more = [text for identity, text in cells if identity not in known and text.startswith(_NEW_FILE)]
    for number, text in enumerate(more):
        added = {"cell_type": "code", "id": f"more-{number}", "metadata": {}, "source": text}
        notebook.cells.append(from_dict(added | {"outputs": [], "execution_count": None}))


def _cell(cell: Any) -> tuple[str, str] | None:
    """A learner may have turned a code cell into a raw one; whatever has our id counts by its text."""
    if not isinstance(cell, dict):
        return None
    marks = cell.get("metadata")
    marks = marks.get("nbgrader") if isinstance(marks, dict) else None
    identity = marks.get("grade_id") if isinstance(marks, dict) else None
    source = cell.get("source")
    text = "".join(source) if isinstance(source, list) else source
    if not isinstance(text, str):
        return None
    whole = text[:CELL_CHARS_MAX].encode("utf-8", "replace").decode()  # half a surrogate pair is valid JSON and nothing else
    return (identity if isinstance(identity, str) else "", whole.replace("\r\n", "\n").rstrip("\n"))
