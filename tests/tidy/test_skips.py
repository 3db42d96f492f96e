"""A skipped test is never counted as passed where it matters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

@pytest.mark.skipif(True, reason="no such tool")
def test_with_a_tool_that_is_not_there(): ...

def test_that_gives_up():
    pytest.skip("no such browser")
"""
MODULE = """
import pytest

pytest.skip("no such system", allow_module_level=True)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("skips")
    (folder / "conftest.py").write_text("from tests.conftest import pytest_make_collect_report, pytest_runtest_makereport\n")
    (folder / "test_tools.py").write_text(TESTS)
    (folder / "test_module.py").write_text(MODULE)
    return folder


def outcome(folder: Path, ci: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors", str(folder)]
    environment = dict(os.environ) | {"CI": ci, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


def test_ci_counts_every_skip_as_a_failure_and_says_why(folder: Path) -> None:
    code, said = outcome(folder, "true")
    assert code == 1
    assert "skipped" not in said.splitlines()[-1]
    assert all(reason in said for reason in ("no such tool", "no such browser", "no such system"))


def test_a_developer_may_skip_what_the_machine_cannot_do(folder: Path) -> None:
    code, said = outcome(folder, "")
    assert code == 0
    assert "3 skipped" in said.splitlines()[-1]
