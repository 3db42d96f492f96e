"""The report behind a learner's scores in the gradebook, the results file of a class, and a log of manual scores that a new
submission made void.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault
from autograder.report import Report, from_json


def stored(course: Path, assessment: str, learner: str) -> Report | None:
    """The last report, or None; a damaged file counts as none and is written anew."""
    try:
        return from_json(json.loads(_path(course, assessment, learner).read_bytes()))
    except (FileNotFoundError, ValueError, GraderFault):
        return None


def store(course: Path, report: Report) -> None:
    """Whole or not at all, and on the disk when this returns."""
    path = _path(course, report.assessment, report.submission)
    _private(path.parent)
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(report.as_json(), file, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def results_file(course: Path, assessment: str) -> Path:
    """Where a class that is graded into the gradebook has its results, unless another place is named."""
    return _private(course / "reports" / assessment) / "results.jsonl"


def log_void(course: Path, assessment: str, entry: Mapping[str, Any]) -> None:
    """Append what a person had scored for a submission that was replaced since."""
    path = _private(course / "reports" / assessment) / "void-manual-scores.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(dict(entry)) + "\n")


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(course: Path, assessment: str, learner: str) -> Path:
    return course / "reports" / assessment / f"{learner}.json"
