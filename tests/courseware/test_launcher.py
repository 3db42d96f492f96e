"""The launcher alone, with an environment that is a copy of stamps around this interpreter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "a folder with blanks"
    (root / "requirements").mkdir(parents=True)
    (root / "courseware" / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "course", root)
    shutil.copy(ROOT / "courseware" / "bootstrap.py", root / "courseware")
    (root / "courseware" / "__init__.py").touch()
    (root / "courseware" / "cli" / "__init__.py").touch()
    (root / "courseware" / "cli" / "__main__.py").write_text("import os, sys\nprint(os.environ['COURSE_ROOT'], sys.argv[1:])\n")
    (root / "requirements" / "lock.txt").write_text("# nothing\n")
    binaries = root / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    (root / ".venv" / "installed-lock.txt").write_text("# nothing\n")
    (root / ".venv" / "installed-at").write_text(f"{root.resolve()}\n")
    return root


def run(command: list[str], root: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root), **more}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False, timeout=60)


def test_it_starts_from_anywhere_with_blanks_in_its_path(course: Path) -> None:
    result = run([str(course / "course"), "one two", "--x"], course)
    assert result.stdout.strip() == f"{course.resolve()} ['one two', '--x']"


def test_it_starts_through_a_chain_of_links(course: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "first").symlink_to(course / "course")
    (tmp_path / "bin" / "second").symlink_to("first")
    assert run([str(tmp_path / "bin" / "second")], course).stdout.startswith(str(course.resolve()))


def test_a_file_of_the_learner_cannot_stand_in_for_a_module(course: Path, tmp_path: Path) -> None:
    (tmp_path / "argparse.py").write_text("raise SystemExit('hijacked')\n")
    result = subprocess.run(
        [str(course / "course")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(course)},
        check=False,
    )
    assert result.returncode == 0


def test_without_python_it_says_which_one_to_install(course: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "cmp", "dirname", "readlink", "cat"):
        (tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    (course / ".venv" / "installed-lock.txt").write_text("# something else\n")
    result = run([str(course / "course"), "--help"], course, PATH=str(tools))
    assert result.returncode == 2
    assert "Python 3.11 or newer" in result.stderr
    assert "apt install python3" in result.stderr


def test_a_python_that_is_too_old_is_passed_over(course: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tools / "python3").chmod(0o755)
    for name in ("sh", "cmp", "dirname", "readlink", "cat"):
        (tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    (course / ".venv" / "installed-lock.txt").unlink()
    assert run([str(course / "course")], course, PATH=str(tools)).returncode == 2
