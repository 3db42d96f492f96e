"""An assessment's folder as the form its notebook is made from: what is graded by the judge and what by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from autograder.assessment import EVIDENCE, Assessment, load_assessment
from autograder.errors import LabError
from autograder.gradebook.form import PATH, Part, Sheet
from autograder.gradebook.quiz_sheet import quiz_sheet
from autograder.plain import plain
from autograder.quiz.assignment import is_quiz, load_quiz
from autograder.variants import Variant, rewritten

_GIVEN = f"{EVIDENCE}/"


def sheet_of(folder: Path, variant: Variant | None = None) -> Sheet:
    """From ``assessment.toml``, ``README.md``, ``starter/`` and, if there, ``rubric.toml``; LabError names what is wrong.

    ``variant`` is one learner's, in the text and in the files. A quiz has a sheet without questions here: those are drawn
    (``gradebook.quiz_sheet``).
    """
    if is_quiz(folder):
        return quiz_sheet(load_quiz(folder))
    assessment = load_assessment(folder)
    try:
        rubric = folder / "rubric.toml"
        own = variant or assessment.variant(b"", "")
        files = _files(folder / "starter", assessment, own)
        rows = tomllib.loads(rubric.read_text("utf-8"))["item"] if rubric.exists() else []
        return Sheet(
            slug=assessment.slug,
            title=assessment.title,
            task=task_text(assessment, own),
            files={name: text for name, text in files.items() if not name.startswith(_GIVEN)},
            criteria=tuple(Part(one.name, one.title, one.points) for one in assessment.criteria),
            rubric=tuple(_part(row) for row in rows),
            given={name: text for name, text in files.items() if name.startswith(_GIVEN)},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LabError(f"{folder.name}: its notebook cannot be made: {error!r}") from error


def task_text(assessment: Assessment, variant: Variant) -> str:
    """The task with its values put in: ``{thumbnail_px}`` becomes this learner's number of pixels, a fact its words."""
    text = (assessment.folder / "README.md").read_text("utf-8")
    for name, value in variant.items():
        text = text.replace(f"{{{name}}}", str(value))
    return plain(text)


def _files(starter: Path, assessment: Assessment, variant: Variant) -> dict[str, str]:
    files = {path.relative_to(starter).as_posix(): path for path in sorted(starter.rglob("*")) if path.is_file()}
    held = {name: path.read_bytes() for name, path in files.items() if "__pycache__" not in path.parts}
    found = {name: data.decode("utf-8") for name, data in rewritten(held, assessment.choices, variant).items()}
    odd = [name for name in found if not PATH.fullmatch(name)]
    if odd or not found:
        raise LabError(f"{starter}: files to hand in need plain names, not {odd}" if odd else f"{starter} holds no files")
    return found


def _part(row: dict[str, Any]) -> Part:
    levels = "\n".join(f"- {level['points']:g}: {plain(level['text'])}" for level in row["levels"])
    return Part(str(row["id"]), str(row["title"]), float(row["points"]), levels)
