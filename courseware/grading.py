"""The judge as every process of a class opens it: with the layers of the assessment as they are on that machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder import judge
from autograder.assessment import load_assessment
from autograder.report import Report
from courseware.layers import ready

FACTORY = "courseware.grading:open_judge"


@contextmanager
def open_judge(*, assessment: str, course_key: str = "", allow_unsafe: bool = False) -> Iterator[Callable[[Path, str], Report]]:
    """Settings are JSON: the folder of the assessment and, in hex, the key that variants are drawn with."""
    layers = {parameter: str(path) for parameter, path in ready(load_assessment(Path(assessment)).layers).items()}
    with judge.open_judge(assessment=assessment, layers=layers, course_key=course_key, allow_unsafe=allow_unsafe) as judged:
        yield judged
