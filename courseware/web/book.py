"""Builds the book. Nothing to do costs a few hashes; Sphinx is started in a process of its own, with warnings as errors."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from courseware.errors import ToolError
from courseware.web.build import build
from courseware.web.fingerprint import files_below, fingerprint, installed, once

Report = Callable[[str], None]
_WORDS_MAX = 4000


def build_book(root: Path, report: Report, full: bool = False) -> Path:
    """Bring the html up to date and give its folder. ``full`` forgets what Sphinx kept; a warning is a ToolError."""
    html, sphinx_state = root / "book" / "_build" / "html", root / "book" / "_build" / ".doctrees"
    build(root, report)

    def run() -> None:
        report("book: building the pages")
        if full:
            shutil.rmtree(root / "book" / "_build", ignore_errors=True)
        try:
            _jupyter_book(root)
        except ToolError:
            shutil.rmtree(sphinx_state, ignore_errors=True)  # or Sphinx would hold the pages it complained of for good
            raise
        _prune(root / "book" / "assets", html / "_static")

    stamp = root / "book" / "_build" / ".book-stamp"
    if full:
        stamp.unlink(missing_ok=True)
    once(stamp, _sources(root), [html / "index.html", sphinx_state], run)
    return html


def _sources(root: Path) -> str:
    """Everything the pages are made of; generated assets are named by their content."""
    content = ("_config.yml", "book", "labs", "assessments/quizzes")
    makers = (
        "sandbox",
        "autograder/quiz",
        "autograder/assessment.py",
        "autograder/curriculum.py",
        "autograder/lab.py",
        "autograder/toml_key.py",
        "autograder/cost.py",
        "autograder/plain.py",
    )
    ours = ("courseware/live", "courseware/sphinx_ext", "courseware/web/book.py")
    assets = root / "book" / "assets"
    generated = [file for file in files_below(assets) if file.suffix in {".js", ".css"}]
    copies = root / "book" / "labs"  # made of `labs` by the build itself
    assessments = sorted((root / "assessments").glob("*/assessment.toml"))
    files = [file for file in files_below(*(root / part for part in (*content, *makers, *ours))) if copies not in file.parents]
    return fingerprint(root, [*files, *assessments, *generated], installed(), sys.version)


def _prune(assets: Path, static: Path) -> None:
    """Sphinx copies static files and never removes one; what is named by content would pile up."""
    for pattern in ("rt-*", "worker-*.js", "chunk-*.js"):
        for entry in static.glob(pattern):
            if not (assets / entry.name).exists():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _jupyter_book(root: Path) -> None:
    # jsonschema imports this one if it can, for a format of strings nothing here uses, and it takes a second to import.
    entry = "import sys; sys.modules['rfc3987_syntax'] = None; from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", entry, "build", "book", "--config", "_config.yml", "--path-output", "book"]
    command += ["-W", "--keep-going", "-q"]
    environ = {**os.environ, "PYTHONPATH": str(root), "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ToolError(f"the book does not build:\n{(done.stderr or done.stdout).strip()[-_WORDS_MAX:]}")
