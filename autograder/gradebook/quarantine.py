"""What lies in ``submitted/`` and must not be touched by nbgrader, which copies through links and lists any name in its pages."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

FILE_BYTES_MAX = 8_000_000
FILES_MAX = 200
_NAME_CHARS_MAX = 200
_LEARNER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")


def is_learner(name: str) -> bool:
    """Whether a folder of this name may be a learner's."""
    return _LEARNER.fullmatch(name) is not None


def set_aside(course: Path, submission: Path) -> list[Path]:
    """Move links, devices, pipes and what is too large or too many into ``quarantine/``; returns what moved.

    A submission under a name that is no learner's id (markup, blanks, control characters) moves as a whole. In the place of a
    notebook that is not there, or moved, comes an empty file: nbgrader has no score for a submission without one.
    """
    learner = submission.parent
    if not is_learner(learner.name) or not submission.is_dir() or submission.is_symlink() or learner.is_symlink():
        return [_move(course, submission)]
    moved = []
    for count, path in enumerate(list(_walk(submission)), 1):
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > FILE_BYTES_MAX or count > FILES_MAX:
            moved.append(_move(course, path))
    notebook = submission / f"{submission.name}.ipynb"
    if submission.is_dir() and not os.path.lexists(notebook):
        notebook.touch()
    return moved


def _walk(folder: Path) -> Iterator[Path]:
    """Everything that is no folder, links to folders included; the files at the top, such as the notebook, first."""
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in sorted(files))
        yield from (Path(parent, name) for name in sorted(folders) if Path(parent, name).is_symlink())


def _move(course: Path, path: Path) -> Path:
    inside = path.relative_to(course / "submitted").as_posix()
    flat = re.sub(r"[^A-Za-z0-9_.@-]", lambda found: f"%{ord(found[0]):02x}", inside)[:_NAME_CHARS_MAX]
    target = course / "quarantine" / flat
    number = 1
    while os.path.lexists(target):
        number += 1
        target = course / "quarantine" / f"{flat}.{number}"
    target.parent.mkdir(parents=True, exist_ok=True)
    path.rename(target)
    return target
