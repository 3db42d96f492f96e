"""A learner's folder read as data: the code of each step, extracted by tag and never executed here.

A step's code is taken from ``<step-id>.py`` (hyphens or underscores) when the folder has one, else from the cell tagged
``step-<step-id>`` of ``lab.ipynb`` or ``lab.md``. Cells tagged ``setup`` come first, in order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.lab import Lab

FILE_BYTES_MAX = 2_000_000
CELL_CHARS_MAX = 100_000
_CODE_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_TAGS = re.compile(r"^:tags:\s*\[([^\]]*)\]\s*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """One code cell and its tags."""

    tags: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Submission:
    """``setup`` is code every step builds on; ``steps`` maps a step id to its code ("" when the learner has none)."""

    setup: str
    steps: dict[str, str]
    source: str


def read_submission(lab: Lab, folder: Path) -> Submission:
    """Read ``folder``; raises SubmissionError when there is nothing in it that belongs to ``lab``."""
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is not a folder; name the folder of your work with --path")
    cells, source = _notebook_cells(folder)
    setup = "\n\n".join(cell.code for cell in (cells or cells_of_myst(_read(lab.source))) if "setup" in cell.tags)
    steps: dict[str, str] = {}
    for step in lab.steps:
        own = next((path for path in _step_files(folder, step.id) if path.is_file()), None)
        if own is not None:
            steps[step.id] = _read(own)
            source = source or str(folder)
        else:
            steps[step.id] = "\n\n".join(cell.code for cell in cells if f"step-{step.id}" in cell.tags)
    if not source:
        raise SubmissionError(
            f"{folder} holds no work for the lab {lab.slug}: expected lab.ipynb, lab.md or files such as {lab.steps[0].id}.py"
        )
    return Submission(setup=setup, steps=steps, source=source)


def cells_of_myst(text: str) -> list[Cell]:
    """Code cells of a MyST notebook; tags are read in the short form ``:tags: [a, b]`` that this project writes."""
    return [_myst_cell(match.group(1)) for match in _CODE_CELL.finditer(text)]


def cells_of_ipynb(text: str) -> list[Cell]:
    """Code cells of a notebook file, outputs ignored; raises SubmissionError when it is not a notebook."""
    try:
        document = json.loads(text)
        return [
            Cell(tuple(map(str, cell.get("metadata", {}).get("tags", ()))), "".join(cell["source"])[:CELL_CHARS_MAX])
            for cell in document["cells"]
            if cell["cell_type"] == "code"
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SubmissionError(
            f"lab.ipynb is not a readable notebook ({error}); open it in JupyterLab and save it again"
        ) from error


def _notebook_cells(folder: Path) -> tuple[list[Cell], str]:
    notebook, myst = folder / "lab.ipynb", folder / "lab.md"
    if notebook.is_file():
        return cells_of_ipynb(_read(notebook)), str(notebook)
    if myst.is_file():
        return cells_of_myst(_read(myst)), str(myst)
    return [], ""


def _myst_cell(body: str) -> Cell:
    lines = body.splitlines()
    tags: tuple[str, ...] = ()
    while lines and (match := _TAGS.match(lines[0]) or re.match(r"^:[\w-]+:", lines[0])):
        if match.re is _TAGS:
            tags = tuple(tag.strip() for tag in match.group(1).split(",") if tag.strip())
        lines.pop(0)
    return Cell(tags, "\n".join(lines).strip("\n")[:CELL_CHARS_MAX])


def _step_files(folder: Path, step_id: str) -> Iterator[Path]:
    yield folder / f"{step_id}.py"
    yield folder / f"{step_id.replace('-', '_')}.py"


def _read(path: Path) -> str:
    """Text of one file of the submission; links out of the folder and oversized files are refused."""
    try:
        if path.is_symlink():
            raise SubmissionError(f"{path} is a link; put the file itself into the folder")
        if path.stat().st_size > FILE_BYTES_MAX:
            raise SubmissionError(f"{path} is larger than {FILE_BYTES_MAX} bytes; clear its outputs and try again")
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SubmissionError(f"{path} is not UTF-8 text") from error
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}") from error
