from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook.class_grades import Filled
from autograder.marking.job import Bench
from autograder.marking.roll import call_roll
from courseware.cli import main as entry

JUDGES = Path(__file__).parents[2] / "autograder" / "marking"
ASSESSMENT = """
title = "A bucket"
outputs = ["Bucket"]
[parameters]
Stage = "exam"
[[criteria]]
name = "function"
title = "It keeps things"
points = 10
"""
CHECK = '''
from autograder.checks.expect import expect
from autograder.checks.marks import points


@points(10, "function", hint="Name the bucket in the outputs.", topic="m1-t1")
def test_bucket(stack, clients):
    """The stack has a bucket."""
    names = [bucket["Name"] for bucket in clients("s3").list_buckets()["Buckets"]]
    expect(stack.outputs["Bucket"] in names, "The bucket is not there.")
'''
TEMPLATE = """
Resources:
  Things: {Type: "AWS::S3::Bucket"}
Outputs:
  Bucket: {Value: !Ref Things}
"""


@pytest.fixture(autouse=True)
def _signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.signal, "signal", lambda *_: None)


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    folder = tmp_path / "assessments" / "a-bucket"
    (folder / "checks").mkdir(parents=True)
    (folder / "assessment.toml").write_text(ASSESSMENT)
    (folder / "checks" / "scenarios.py").write_text('"""None."""\n')
    (folder / "checks" / "test_bucket.py").write_text(CHECK)
    return folder


@pytest.fixture
def grade(assessment: Path, tmp_path: Path) -> Callable[..., int]:
    def run(*more: str) -> int:
        return entry.main(["grade", str(assessment), str(tmp_path / "class"), "--out", str(tmp_path / "results.jsonl"), *more])

    return run


@pytest.fixture
def honest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judges that do what work.json says, instead of deploying."""
    monkeypatch.syspath_prepend(str(JUDGES))
    monkeypatch.setattr("courseware.grading.FACTORY", "honest_judge:open_judge")


def hand_in(tmp_path: Path, **works: Any) -> None:
    for name, work in works.items():
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "work.json").write_text(json.dumps({"points": 10} | work))


def lines(tmp_path: Path) -> dict[str, dict[str, Any]]:
    found = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    return {line["submission"]: line for line in found}


def test_submissions_are_deployed_and_judged_and_each_gets_a_line(
    grade: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, template in {"ada": TEMPLATE, "empty": None, "broken": "{{{{"}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        if template is not None:
            (tmp_path / "class" / name / "template.yaml").write_text(template)
    assert grade("--workers", "1") == 0
    found = lines(tmp_path)
    assert {name: (line["status"], line["score"], line["max"]) for name, line in found.items()} == {
        "ada": ("graded", 10, 10),
        "broken": ("graded", 0, 10),
        "empty": ("graded", 0, 10),
    }
    assert found["empty"]["criteria"]["function"]["checks"][0]["message"].startswith("the submission has no template.yaml")
    assert {"submission", "status", "score", "max", "criteria", "backend", "seconds"} <= set(found["ada"])
    assert found["ada"]["backend"]
    shown = capsys.readouterr().out
    assert "3 graded, mean 3.3 of 10" in shown
    assert "2 of 3                 2    33%  function: bucket" in shown
    assert "deploy" in shown


@pytest.mark.usefixtures("honest")
def test_a_submission_the_grader_failed_on_has_no_score_and_the_exit_code_says_so(
    grade: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(tmp_path, ada={}, mary={"fault": "always"})
    assert grade("--workers", "1") == 1
    assert "score" not in lines(tmp_path)["mary"]
    shown = capsys.readouterr().out
    assert "failed  RuntimeError: the deployment desk is on fire" in shown
    assert "1 failed, which is our doing: mend it and run again with --resume" in shown
    hand_in(tmp_path, mary={"points": 4})
    assert grade("--workers", "1", "--resume") == 0
    assert lines(tmp_path)["mary"]["score"] == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such", "x"], "there is no assessment or graded quiz 'no-such'; there are: canary-with-rollback, "),
        (["no-such", "x"], ", repair-the-role, quiz-m1, quiz-m2, quiz-m3"),
        (["image-application", "--gradebook", "--key", "/no/key"], "/no/key is no key"),
        (["image-application"], "or --gradebook for what nbgrader collected"),
        (["image-application", "x", "--gradebook"], "one of the two"),
        (["image-application", "nowhere"], "nowhere cannot be read"),
        (["image-application", "x", "--workers", "0"], "--workers takes a number from 1 up"),
        (["image-application", "x", "--key", "/no/key"], "/no/key is no key"),
    ],
)
def test_a_mistake_in_the_call_is_one_line_that_names_the_fix(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courseware.layers.ready", lambda _layers: pytest.fail("layers were built before the call was looked at"))
    assert entry.main(["grade", *arguments]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1


@pytest.mark.usefixtures("honest")
def test_a_name_cannot_move_the_cursor(grade: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(tmp_path, **{"eve\x1b[2Jeve": {}, "a\u061cd\u200ba\u2028\udcff": {}})
    assert grade() == 0
    shown = capsys.readouterr().out
    assert "eve?[2Jeve" in shown
    assert "a?d?a??" in shown


@pytest.mark.usefixtures("honest")
def test_results_for_the_gradebook_lie_in_the_courses_own_folder(
    assessment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path, ada={})
    (assessment.parent / "submitted" / "ada" / "a-bucket").mkdir(parents=True)
    bench = Bench("a-bucket", "honest_judge:open_judge", {})
    graded = lambda *asked, **_: Filled(asked[-1](bench, call_roll(tmp_path / "class", ""), ()), {})  # noqa: E731
    monkeypatch.setattr("autograder.gradebook.class_grades.grade_collected", graded)
    monkeypatch.setattr("autograder.gradebook.class_grades.load_config", lambda _course: None)
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    for _ in range(2):
        assert entry.main(["grade", str(assessment), "--gradebook", "--workers", "1"]) == 0
    assert set(tmp_path.iterdir()) == before
    held = assessment.parent / "reports" / "a-bucket"
    assert {path.name for path in held.iterdir()} == {"results.jsonl", "results.before-1.jsonl"}
    assert held.stat().st_mode & 0o077 == 0


def test_the_gradebook_is_filled_with_the_key_that_was_named(
    assessment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    (assessment.parent / "submitted" / "ada" / "a-bucket").mkdir(parents=True)

    def grade_collected(*_: Any, key: str, **__: Any) -> Filled:
        asked.append(key)
        return Filled([], {})

    monkeypatch.setattr("autograder.gradebook.class_grades.grade_collected", grade_collected)
    monkeypatch.setattr("autograder.gradebook.class_grades.load_config", lambda _course: None)
    (tmp_path / "other.key").write_text("ab" * 16)
    assert entry.main(["grade", str(assessment), "--gradebook", "--key", str(tmp_path / "other.key")]) == 0
    assert entry.main(["grade", str(assessment), "--gradebook"]) == 0
    assert asked == ["ab" * 16, ""], "without a name nbgrader's own settings find the course's key"
