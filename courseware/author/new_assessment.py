"""A new assessment to begin with: a copy of ``assessments/_template``, which is small, complete and proves itself."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from courseware.errors import LearnerError

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_assessment(assessments: Path, slug: str) -> Path:
    """The folder that was made; LearnerError when there is one of that name, or the name will not do."""
    if not _SLUG.fullmatch(slug):
        raise LearnerError(f"{slug!r} is no name for an assessment: lower-case words joined by hyphens, such as queue-worker")
    folder = assessments / slug
    if folder.exists():
        raise LearnerError(f"{folder} is there already")
    shutil.copytree(assessments / "_template", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
