"""What grading needs of this course: its assessments, its key, and the judge with the layers of the machine it runs on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder import judge
from autograder.assessment import Assessment, find_assessments, load_assessment
from autograder.report import Report
from courseware.errors import LearnerError
from courseware.layers import ready
from courseware.place import course_root

FACTORY = "courseware.grading:open_judge"


@contextmanager
def open_judge(*, assessment: str, course_key: str = "", allow_unsafe: bool = False) -> Iterator[Callable[[Path, str], Report]]:
    """Settings are JSON: the folder of the assessment and, in hex, the key that variants are drawn with."""
    layers = {parameter: str(path) for parameter, path in ready(load_assessment(Path(assessment)).layers).items()}
    with judge.open_judge(assessment=assessment, layers=layers, course_key=course_key, allow_unsafe=allow_unsafe) as judged:
        yield judged


def named_assessment(name: str, quizzes: Sequence[str] = ()) -> Assessment:
    """By its name in ``assessments/``, or by the path of its folder; LearnerError lists the ones there are.

    ``quizzes`` are listed as well: names that would have done where a graded quiz is taken, too.
    """
    if os.sep in name:
        return load_assessment(Path(name))
    known = {assessment.slug: assessment for assessment in find_assessments(course_root() / "assessments")}
    if name not in known:
        kind = "assessment or graded quiz" if quizzes else "assessment"
        raise LearnerError(f"there is no {kind} {name!r}; there are: {', '.join((*known, *quizzes)) or 'none'}")
    return known[name]


def course_key(named: Path | None) -> str:
    """The key variants are drawn with, in hex; "" where the course has none."""
    path = named or course_root() / "assessments" / "course.key"
    if named is None and not path.exists():
        return ""
    try:
        key = path.read_text("utf-8").strip()
        bytes.fromhex(key)
    except (OSError, ValueError) as error:
        raise LearnerError(f"{path} is no key: expected hex, such as `openssl rand -hex 32` writes ({error})") from error
    return key
