from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from courseware.cli import main as entry
from courseware.errors import LearnerError, ToolError


def raising(error: BaseException) -> Any:
    def run(_args: Any) -> int:
        raise error

    return SimpleNamespace(EXAMPLES="", add_arguments=lambda _parser: None, run=run)


@pytest.fixture(autouse=True)
def _signals_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)


def call(monkeypatch: pytest.MonkeyPatch, module: Any, name: str = "doctor") -> int:
    monkeypatch.setattr(entry.importlib, "import_module", lambda _: module)
    return entry.main([name])


@pytest.mark.parametrize(
    ("error", "code"), [(LearnerError("use another port"), 2), (ToolError("npm said no"), 1), (KeyboardInterrupt(), 130)]
)
def test_each_family_of_error_has_its_exit_code(error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, raising(error)) == code


def test_an_error_is_one_line_without_a_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    call(monkeypatch, raising(LearnerError("use another port")))
    assert capsys.readouterr().err == "course: use another port\n"


def test_a_defect_of_ours_is_said_and_its_traceback_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    assert call(monkeypatch, raising(ZeroDivisionError("nothing to divide"))) == 70
    assert "a defect of ours: ZeroDivisionError: nothing to divide" in capsys.readouterr().err
    kept = list((tmp_path / "logs").glob("defect-*.txt"))
    assert len(kept) == 1
    assert "Traceback" in kept[0].read_text()


def test_an_unknown_command_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        entry.main(["upp"])
    assert stop.value.code == 2
    assert "up" in capsys.readouterr().err


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        entry.main(["--help"])
    asked = capsys.readouterr().out
    assert stop.value.code == 0
    assert all(f"  {name} " in asked for name in entry.COMMANDS)
    assert entry.main([]) == 0
    assert capsys.readouterr().out == asked


def test_help_of_a_command_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        entry.main(["clock", "--help"])
    assert "./course clock advance 1h30m" in capsys.readouterr().out
