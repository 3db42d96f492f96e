"""Checks of an assessment run under pytest, too: the same functions, the same fixtures."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_each_check_is_a_test_and_a_lost_one_fails_with_its_message(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "assessments/_template/solutions/plain", tmp_path / "work")
    code = tmp_path / "work/src/app.py"
    code.write_text(code.read_text().replace("* FACTOR", "+ FACTOR"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "courseware.author.pytest_plugin", "-p", "no:cacheprovider"]
    places = ["assessments/_template/checks", "--submission", str(tmp_path / "work")]
    done = subprocess.run([*command, *places], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert 'The function was called with a number; it answered {"result": 23}.' in done.stdout
