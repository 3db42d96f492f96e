"""Installing for real, with a lock that asks for nothing, so that neither network nor minutes are needed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from courseware import bootstrap
from courseware.bootstrap import BootstrapError, ensure, is_whole

SCRIPT = Path(bootstrap.__file__)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "lock.txt").write_text("# nothing\n")
    return tmp_path


def test_a_start_that_was_killed_is_repaired_by_the_next_and_a_whole_one_is_left_alone(root: Path) -> None:
    said: list[str] = []
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").write_text("half a file")
    assert not is_whole(root, root / ".venv", root / "requirements" / "lock.txt")
    binaries = ensure(root, report=said.append)
    assert subprocess.run([binaries / "python", "-c", "pass"], check=False).returncode == 0
    assert is_whole(root, root / ".venv", root / "requirements" / "lock.txt")
    said.clear()
    ensure(root, report=said.append)
    assert said == []


def test_an_environment_is_not_whole_after_a_change_of_lock_or_place(root: Path, tmp_path: Path) -> None:
    venv, lock = root / ".venv", root / "requirements" / "lock.txt"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (venv / bootstrap.STAMP).write_bytes(lock.read_bytes())
    (venv / bootstrap.PLACE).write_text(f"{root}\n")
    assert is_whole(root, venv, lock)
    assert not is_whole(root / "moved", venv, lock)
    lock.write_text("# other\n")
    assert not is_whole(root, venv, lock)


def test_two_starts_at_once_install_once(root: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(root)]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [start.communicate(timeout=110)[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0]
    assert sum("is ready after" in text for text in said) == 1
    assert sum("waiting for it" in text for text in said) == 1


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(root: Path) -> None:
    (root / ".course").write_text("a file where a folder should be")
    result = subprocess.run([sys.executable, str(SCRIPT), str(root)], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "mend that" in result.stderr


def test_a_failing_installer_names_itself(root: Path) -> None:
    with pytest.raises(BootstrapError, match="exit 3"):
        bootstrap._run([sys.executable, "-c", "raise SystemExit(3)"], root)


def test_stopping_leaves_no_installer_behind(root: Path) -> None:
    marker = root / "late"
    installer = f"import time; print('going', flush=True); time.sleep(3); open({str(marker)!r}, 'w')"
    code = f"import sys; from courseware.bootstrap import _run; _run([sys.executable, '-c', {installer!r}], '.')"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, cwd=SCRIPT.parents[1])
    with process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"going\n"
        process.send_signal(signal.SIGINT)
        process.stderr.read()  # ends when nobody, the installer included, holds the other end any more
    assert process.returncode != 0
    assert not marker.exists()
