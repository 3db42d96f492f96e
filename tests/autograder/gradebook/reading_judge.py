"""A judge that reads points from the submission's text instead of deploying it: ``# points: 7`` in src/app.py."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.marking.job import Judge
from autograder.report import CheckResult, CriterionResult, Report


@contextlib.contextmanager
def open_judge(assessment: str, allow_unsafe: bool = False, **_settings: str) -> Iterator[Judge]:
    def judge(folder: Path, name: str) -> Report:
        code = (folder / "src" / "app.py").read_text()
        if "grader breaks" in code:
            raise RuntimeError("the account fell over")
        if "worker dies" in code:
            os._exit(3)
        points = float(re.search(r"points: ([\d.]+)", code)[1]) if "points:" in code else 0.0
        said = f"uploaded a.png, saw {code.splitlines()[-1] if code else 'nothing'}"
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        checks = (CheckResult("thumbnail", points, 10, said, "" if points == 10 else "Read about S3 events."),)
        alarm = CheckResult("alarm", 5 if "alarm" in code else 0, 5, f"files: {', '.join(files)}")
        criteria = (CriterionResult("function", checks), CriterionResult("monitoring", (alarm,)))
        return Report("?", name, "graded", criteria, backend="none (a test)", seconds={"total": 0.1})

    yield judge


@contextlib.contextmanager
def open_keyed_judge(assessment: str, course_key: str = "", **settings: bool) -> Iterator[Judge]:
    """The same; its reports tell the key it was given."""
    with open_judge(assessment, **settings) as judge:
        yield lambda folder, name: replace(judge(folder, name), variant={"key": course_key})
