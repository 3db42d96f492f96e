"""Sound solutions of an assessment. Where the task is to mend the starter, a solution is what it changes of it.

``solutions/<style>/`` holds all files of a solution; or, with a ``solution.toml``, the edits of the starter's files
(``[[edit]]``, as those of a twin) and, beside it, files that replace or add whole ones.
"""

from __future__ import annotations

import tomllib

from autograder.assessment import EVIDENCE, Assessment
from autograder.edits import edited
from autograder.errors import LabError
from autograder.source_tree import SourceTree, read_tree, tree_of

CHANGES = "solution.toml"


def find_solutions(assessment: Assessment) -> dict[str, SourceTree]:
    """All of them, by name. LabError says which edit does not fit any more."""
    return {folder.name: solution(assessment, folder.name) for folder in sorted((assessment.folder / "solutions").iterdir())}


def solution(assessment: Assessment, name: str) -> SourceTree:
    """One of them as a learner would hand it in."""
    folder = assessment.folder / "solutions" / name
    held = dict(read_tree(folder).files)
    if CHANGES not in held:
        return tree_of(held)
    try:
        document = tomllib.loads(held.pop(CHANGES).decode("utf-8"))
    except ValueError as error:
        raise LabError(f"{folder / CHANGES}: {error}") from error
    given = read_tree(assessment.folder / "starter").files
    base = {path: data for path, data in given.items() if not path.startswith(f"{EVIDENCE}/")}
    return tree_of(edited(base, document, folder / CHANGES) | held)
