from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from courseware.cli import main as entry
from courseware.progress import load

LAB = Path(__file__).parents[3] / "labs" / "function-url"


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)


def test_a_solution_passes_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["check", "function-url", "--path", str(LAB / "solution")]) == 0
    out = capsys.readouterr().out
    assert "✘" not in out
    assert out.endswith("9 of 9 steps pass\n")


def test_what_is_delivered_fails_at_the_first_step_with_as_many_hints_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["check", "function-url"]) == 1
    one = capsys.readouterr().out
    assert one.startswith("✘ 1.")
    assert one.count("hint ") == 1
    assert entry.main(["check", "function-url", "--hints", "all"]) == 1
    assert capsys.readouterr().out.count("    hint ") > 1


def test_a_passed_step_of_ones_own_work_is_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = tmp_path / "state" / "work" / "function-url"
    work.mkdir(parents=True)
    shutil.copy(LAB / "solution" / "role.py", work / "role.py")
    assert entry.main(["check", "function-url"]) == 1
    assert set(load(tmp_path / "state" / "progress.json").steps) == {"function-url/role"}
    assert "1 of 9 steps pass" in capsys.readouterr().out


def test_json_has_one_object_a_step_with_every_hint(capsys: pytest.CaptureFixture[str]) -> None:
    entry.main(["check", "function-url", "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["passed"] is False
    assert len(json.loads(line)["hints"]) > 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["no-such-lab"], "function-url"),
        (["function-url", "--path", "/no/such/folder"], "--path"),
        (["function-url", "--hints", "many"], "--hints"),
    ],
)
def test_a_wrong_call_says_what_to_mend(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["check", *arguments]) == 2
    assert complaint in capsys.readouterr().err
