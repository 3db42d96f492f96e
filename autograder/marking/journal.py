"""The results file as a journal: every grade is on the disk before the next is asked for, and none is there twice.

One line of JSON a submission. A killed run leaves whole lines and at most one torn one at the end. The next run, resumed,
rewrites the file without what is torn, failed or of another digest, in one atomic step, and appends to it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.errors import GraderFault, SubmissionError
from autograder.report import Report, from_json


class Journal:
    """Holds the file's lock from opening to closing. Two runs on one file: the second gets a SubmissionError."""

    def __init__(self, path: Path, assessment: str, digests: Mapping[str, str], *, resume: bool) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._first = _locked(path)  # kept open: whoever opens the old file meets its lock
        try:
            kept = _kept(path, assessment, digests) if resume else []
            if not resume:
                _put_aside(path)
            self._reports = {report.submission: report for report in kept}
            self._file = self._rewrite()
        except BaseException:
            os.close(self._first)
            raise

    @property
    def reports(self) -> list[Report]:
        """What is in the file, by submission."""
        return [self._reports[name] for name in sorted(self._reports)]

    def add(self, report: Report) -> None:
        """On the disk when this returns."""
        if report.submission in self._reports:
            raise GraderFault(f"{report.submission} has a report in {self.path} already")
        before = os.fstat(self._file).st_size
        try:
            _write(self._file, _line(report))
        except OSError as error:
            os.ftruncate(self._file, before)  # half a line would hide the next one
            raise self._no_room(error) from error
        self._reports[report.submission] = report

    def finish(self) -> None:
        """Put the lines in order of submission: workers deliver in any."""
        ordered = self._rewrite()
        os.close(self._file)
        self._file = ordered

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._file)
        os.close(self._first)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None) -> None:
        self.close()

    def _rewrite(self) -> int:
        """The reports in a new file that takes the old one's place whole or not at all; open for appending and locked."""
        new = self.path.with_name(f".{self.path.name}.new")
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write(handle, b"".join(map(_line, self.reports)))
            new.replace(self.path)
        except OSError as error:
            os.close(handle)
            new.unlink(missing_ok=True)
            raise self._no_room(error) from error
        _sync_folder(self.path.parent)
        return handle

    def _no_room(self, error: OSError) -> SubmissionError:
        again = "run again with --resume" if self._reports else "run again"
        return SubmissionError(
            f"{self.path} cannot be written ({error.strerror}); every grade in it is whole: make room, then {again}"
        )


def read_reports(path: Path) -> Iterator[Report]:
    """The whole lines of a results file; of several for one submission the last. A torn last line is no report.

    A damaged line before the last was not torn by a crash: GraderFault, since grades may be missing.
    """
    lines = path.read_bytes().split(b"\n")
    found: dict[str, Report] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            report = from_json(json.loads(line))
        except (ValueError, GraderFault) as error:
            if number == len(lines):  # nothing after it, not even a line end
                break
            raise GraderFault(f"{path}, line {number}: {error}; put the file aside, or mend the line") from error
        found[report.submission] = report
    return iter(found.values())


def _kept(path: Path, assessment: str, digests: Mapping[str, str]) -> list[Report]:
    reports = list(read_reports(path))
    others = sorted({report.assessment for report in reports} - {assessment})
    if others:
        raise SubmissionError(f"{path} holds results of {', '.join(others)}; name another file with --out")
    return [report for report in reports if _is_current(report, digests)]


def _is_current(report: Report, digests: Mapping[str, str]) -> bool:
    """A grade stays while its submission is as it was, or is not in the folder at all (graded from another one)."""
    return report.status == "graded" and digests.get(report.submission, report.digest) == report.digest


def _locked(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise SubmissionError(f"another run is writing {path}; wait for it, or name another file with --out") from error
    return handle


def _put_aside(path: Path) -> None:
    """A run that does not resume starts anew, and what was there is kept beside it."""
    if path.stat().st_size == 0:
        return
    number = 1
    while (aside := path.with_name(f"{path.stem}.before-{number}{path.suffix}")).exists():
        number += 1
    os.link(path, aside)  # the file keeps its name until the new one replaces it


def _write(handle: int, data: bytes) -> None:
    """All of it, on the disk: on a full one the kernel takes a part first and refuses only what comes then."""
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
    os.fsync(handle)


def _line(report: Report) -> bytes:
    return (json.dumps(report.as_json(), ensure_ascii=True, allow_nan=False) + "\n").encode()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
