"""Who handed in: one subfolder a learner, each with the digest by which an unchanged submission is known.

Nothing of a submission is opened but regular files, and links are never followed: a folder may hold anything.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError

HASHED_BYTES_MAX = 64_000_000  # of one file; a longer one is known by its beginning, its size and its time
_MADE_BY_TOOLS = frozenset({"__pycache__", ".git", ".ipynb_checkpoints"})
_CHUNK_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Handed:
    """``name`` is the learner's; ``digest`` covers names, kinds and contents of everything in ``folder``."""

    name: str
    folder: Path
    digest: str


def call_roll(folder: Path, seed: str) -> list[Handed]:
    """Every submission in ``folder``, by name; ``seed`` (the assessment's digest and settings) is part of each digest.

    Hidden folders and loose files are no submissions. Raises SubmissionError when there is none.
    """
    return [Handed(name, folder / name, tree_digest(folder / name, seed)) for name in names_in(folder)]


def names_in(folder: Path) -> list[str]:
    """The learners who have a subfolder here."""
    try:
        found = sorted(entry.name for entry in os.scandir(folder) if _is_submission(entry))
    except OSError as error:
        raise SubmissionError(
            f"{folder} cannot be read: {error.strerror}; name the folder with one subfolder a learner"
        ) from error
    if not found:
        raise SubmissionError(f"{folder} holds no submissions: expected one subfolder a learner")
    return found


def tree_digest(folder: Path, seed: str = "") -> str:
    """SHA-256 over a tree but for what tools leave in it; the same for equal trees wherever they lie and however old."""
    total = hashlib.sha256(seed.encode())
    for path in sorted(_walk(folder), key=os.fsencode):
        kind, content = _content(path)
        name = os.fsencode(path.relative_to(folder))
        total.update(b"%d:%s%s%d:%s" % (len(name), name, kind, len(content), content))
    return total.hexdigest()


def _is_submission(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _MADE_BY_TOOLS]
        for name in (*folders, *files):
            yield Path(parent, name)


def _content(path: Path) -> tuple[bytes, bytes]:
    try:
        found = path.lstat()
        if stat.S_ISREG(found.st_mode):
            return b"f", _file_digest(path, found)
        if stat.S_ISLNK(found.st_mode):
            return b"l", os.fsencode(path.readlink())
        return (b"d", b"") if stat.S_ISDIR(found.st_mode) else (b"o", b"%o" % found.st_mode)
    except OSError as error:  # unreadable is a state like any other: once it can be read, the digest changes
        return b"e", str(error.errno).encode()


def _file_digest(path: Path, found: os.stat_result) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        left = HASHED_BYTES_MAX
        while left > 0 and (chunk := file.read(min(_CHUNK_BYTES, left))):
            digest.update(chunk)
            left -= len(chunk)
    if found.st_size > HASHED_BYTES_MAX:
        digest.update(b"%d %d" % (found.st_size, found.st_mtime_ns))
    return digest.digest()
