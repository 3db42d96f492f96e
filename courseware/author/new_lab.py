"""A new lab to begin with: a copy of ``labs/_template``, which is small and proves itself, and its line in the contents."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from courseware.errors import LearnerError

PLACEHOLDER = "my-lab"
SLUG_CHARS_MAX = 40  # names of functions and roles are made of it, with a prefix on AWS; they may have 64
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LAB_LINE = re.compile(r"( *)- file: labs/[\w-]+\n")


def new_lab(root: Path, slug: str) -> Path:
    """The folder that was made; LearnerError when there is one of that name, or the name will not do."""
    if not _SLUG.fullmatch(slug) or len(slug) > SLUG_CHARS_MAX:
        wanted = f"lower-case words joined by hyphens, {SLUG_CHARS_MAX} characters at most, such as queue-worker"
        raise LearnerError(f"{slug!r} is no name for a lab: {wanted}")
    folder = root / "labs" / slug
    if folder.exists():
        raise LearnerError(f"{folder} is there already")
    contents = _with_line((root / "book" / "_toc.yml").read_text("utf-8"), slug)
    shutil.copytree(root / "labs" / "_template", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in folder.rglob("*.*"):
        path.write_text(path.read_text("utf-8").replace(PLACEHOLDER, slug), "utf-8")
    (root / "book" / "_toc.yml").write_text(contents, "utf-8")
    return folder


def _with_line(contents: str, slug: str) -> str:
    """Below the last lab there is; its author moves it to where it belongs."""
    lines = list(_LAB_LINE.finditer(contents))
    if not lines:
        raise LearnerError("book/_toc.yml names no lab yet: add the first one by hand")
    last = lines[-1]
    return f"{contents[: last.end()]}{last[1]}- file: labs/{slug}\n{contents[last.end() :]}"
