"""Where things are: the course's folder and the learner's state beside it (``.course``)."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from courseware.errors import LearnerError


def course_root() -> Path:
    """The folder with ``./course`` in it; the launcher names it, else it is where this package lies."""
    named = os.environ.get("COURSE_ROOT")
    return Path(named) if named else Path(__file__).resolve().parent.parent


def state_folder() -> Path:
    """``.course`` (or ``COURSE_STATE``), made when missing, for its owner alone; LearnerError when it cannot be written."""
    folder = Path(os.environ.get("COURSE_STATE") or course_root() / ".course")
    mend = "give yourself the folder, or set COURSE_STATE=/another/folder"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LearnerError(f"cannot make {folder}: {error.strerror}; {mend}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise LearnerError(f"cannot write into {folder}; {mend}")
    return folder


def write_atomically(path: Path, document: Any) -> None:
    """JSON, whole or not at all, mode 0600: a reader never sees half of it, a crash keeps the old one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
