"""``nbgrader collect`` that copies regular files only, and that no submission stops.

The exchange is a folder where any learner may put anything. nbgrader's own copy follows links with the assessor's rights: a
link named like the notebook brought in another learner's work, and a pipe or a wrong name ended the run for the whole class.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import ignore_patterns

from autograder.gradebook.quarantine import is_learner

_SECRET = "submission_secret.txt"  # noqa: S105 - a file's name


class CarefulCollect(ExchangeCollect):  # type: ignore[misc]
    """``c.ExchangeFactory.collect``. A learner whose submission cannot be copied has an empty folder, and is graded by it."""

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """Passes over what is not named like a submission; nbgrader would end here."""
        super().init_src()
        named = [record for record in self.src_records if is_learner(record["username"])]
        for record in self.src_records:
            if record not in named:
                self.log.warning("Not collected, its name is no submission's: %r", record["filename"])
        self.src_records = named

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            return dict(super()._path_to_record(path))
        except Exception:  # noqa: BLE001 - nbgrader's own, and dateutil's of several kinds
            return {"username": "", "filename": Path(path).name, "timestamp": datetime.min}  # noqa: DTZ901 - only compared

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:  # noqa: ARG002 - nbgrader's signature
        """Links come as links, which are set aside before anything opens them (``quarantine``)."""
        try:
            if Path(src).is_symlink():
                raise OSError("it is a link")
            if self.get_size(src) > 1000 * self.coursedir.max_dir_size:
                raise OSError(f"it is larger than {self.coursedir.max_dir_size} kB")
            left_out = ignore_patterns(
                exclude=self.coursedir.ignore,
                include=self.coursedir.include,
                max_file_size=self.coursedir.max_file_size,
                log=self.log,
            )
            shutil.copytree(src, dest, symlinks=True, ignore=left_out, copy_function=_copy)
        except OSError as error:  # shutil.Error is one; whatever could be copied is there
            self.log.error("Not collected whole: %s: %s", Path(src).name, error)
            Path(dest).mkdir(parents=True, exist_ok=True)
        _complete(Path(dest), Path(src).name)


def _complete(folder: Path, name: str) -> None:
    """What ``nbgrader submit`` writes, where somebody did without it: release_feedback ends when one of the two texts is not
    there, and autograde passes over who has no notebook.
    """
    for file, text in (("timestamp.txt", name.split("+")[-2 if name.count("+") > 2 else -1]), (_SECRET, secrets.token_hex(64))):
        path = folder / file
        if path.is_symlink() or not path.is_file():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
            path.write_text(text, "utf-8")
    notebook = folder / f"{folder.name}.ipynb"
    if not os.path.lexists(notebook):
        notebook.touch()


def _copy(source: str, target: str) -> str:
    """A regular file, looked at after it was opened: what became a link or a pipe meanwhile is refused, never waited for."""
    handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{Path(source).name} is no regular file")
        with Path(target).open("xb") as copied:
            shutil.copyfileobj(file, copied)
    return target
