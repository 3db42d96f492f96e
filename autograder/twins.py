"""Faulty twins: a sound solution with a few edits, and the checks that must lose points for it. They prove the checks.

``faulty/<mistake>/expect.toml`` names the solution (``base``), the checks (``loses``), perhaps words of a message (``says``) and
the edits: each ``find`` must occur exactly once. Files beside it replace or add whole files.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograder.assessment import Assessment
from autograder.edits import edited
from autograder.errors import LabError
from autograder.solutions import solution
from autograder.source_tree import SourceTree, read_tree, tree_of

EXPECT = "expect.toml"


@dataclass(frozen=True, slots=True)
class Twin:
    """``loses`` are ids of checks; ``says`` must stand in the message of one of them."""

    name: str
    base: str
    loses: frozenset[str]
    says: str
    tree: SourceTree


def find_twins(assessment: Assessment) -> list[Twin]:
    """All of them, by name. LabError says which edit does not fit any more."""
    return [_twin(assessment, path.parent) for path in sorted((assessment.folder / "faulty").glob(f"*/{EXPECT}"))]


def _twin(assessment: Assessment, folder: Path) -> Twin:
    path = folder / EXPECT
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        base, loses = str(document["base"]), frozenset(document["loses"])
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise LabError(f"{path}: {error}; it needs base and loses") from error
    files = edited(solution(assessment, base).files, document, path)
    files |= {name: data for name, data in read_tree(folder).files.items() if name != EXPECT}
    return Twin(folder.name, base, loses, str(document.get("says", "")), tree_of(files))
