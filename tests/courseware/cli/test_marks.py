from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.lti import Score
from autograder.report import CheckResult, CriterionResult, Report
from courseware.cli import main as entry


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)


def results(tmp_path: Path, *reports: Report) -> Path:
    path = tmp_path / "results.jsonl"
    path.write_text("".join(json.dumps(report.as_json()) + "\n" for report in reports))
    return path


def graded(name: str, points: float) -> Report:
    return Report("exam", name, "graded", (CriterionResult("function", (CheckResult("works", points, 10, "said"),)),))


def test_a_results_file_becomes_a_table_for_a_platform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = results(tmp_path, graded("ada", 7.5), graded("=mary", 3))
    assert entry.main(["marks", "moodle", "--from", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        '"First name","Last name","ID number","Email address","exam"',
        '"","","ada","",7.5',
        '"","","\'=mary","",3.0',
    ]


def test_marks_with_a_hole_in_them_are_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = results(tmp_path, graded("ada", 7.5), Report("exam", "mary", "failed", reason="ours"))
    assert entry.main(["marks", "canvas", "--from", str(path)]) == 2
    assert "mary have no grade yet" in capsys.readouterr().err


def test_scores_the_platform_did_not_take_are_told_by_name_and_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Campus:
        def __init__(self, _platform: Any) -> None: ...
        def close(self) -> None: ...
        def send(self, resource: str, _label: str, scores: list[Score]) -> dict[str, str]:
            assert (resource, [(score.learner, score.given, score.maximum) for score in scores]) == ("exam", [("ada", 7.5, 10)])
            return {"ada": "no such user"}

    monkeypatch.setattr("autograder.lti.Passback", Campus)
    monkeypatch.setattr("autograder.lti.load_platform", lambda path: path)
    path = results(tmp_path, graded("ada", 7.5))
    assert entry.main(["marks", "lti", "--from", str(path), "--platform", "campus.toml"]) == 1
    told = capsys.readouterr()
    assert told.out == "exam: 0 of 1 scores sent\n"
    assert told.err == "not sent: ada: no such user\n"


def test_similar_submissions_are_listed_and_nobody_is_accused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "def handler(event, context):\n    return [record['body'] for record in event['Records'] if record]\n"
    for name, text in {"ada": code, "bob": code.replace("record", "r"), "eve": "x = 1\n" * 40}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.py").write_text(text)
    assert entry.main(["similar", "image-application", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith(" 100%  ada  bob")
    assert "1 pairs of 3 submissions; alike is not copied" in out
