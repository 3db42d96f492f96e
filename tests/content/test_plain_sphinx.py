"""The exit door: the same sources build under plain Sphinx 9, warnings as errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from courseware.bootstrap import is_whole
from courseware.web.build import build

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-sphinx9"


@pytest.mark.timeout(300)
def test_the_book_builds_under_sphinx_9_without_a_warning(tmp_path):
    if not is_whole(ROOT, ENVIRONMENT, ROOT / "requirements" / "sphinx9.txt"):
        pytest.skip("no .venv-sphinx9: `./course test` makes it from requirements/sphinx9.txt")
    build(ROOT, print)
    command = [ENVIRONMENT / "bin" / "python", "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
    done = subprocess.run(
        [*map(str, command), "-d", str(tmp_path / "state"), "book", str(tmp_path / "html")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COURSE_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    landing = (tmp_path / "html" / "index.html").read_text("utf-8")
    assert "<live-cell" in landing
    assert "Hello, Ada!" in landing
