"""A new assessment works at once, and takes nobody's place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import proof
from autograder.assessment import load_assessment
from autograder.judge import Judge
from courseware.author.new_assessment import new_assessment
from courseware.errors import LearnerError

TEMPLATE = Path(__file__).parents[3] / "assessments" / "_template"


@pytest.fixture(name="assessments")
def folder_of_assessments(tmp_path: Path) -> Path:
    shutil.copytree(TEMPLATE, tmp_path / "_template")
    return tmp_path


def test_what_is_laid_out_proves_itself(assessments: Path) -> None:
    assessment = load_assessment(new_assessment(assessments, "queue-worker"))
    with Judge(assessment) as judge:
        proofs = [proof.still(assessment), *proof.run(judge)]
    assert [one for one in proofs if one.problems] == []
    assert [one.what for one in proofs] == ["text and numbers", "starter", "plain", "adds", "one-stage-only"]


def test_what_does_not_fit_is_told(assessments: Path) -> None:
    folder = new_assessment(assessments, "queue-worker")
    (folder / "faulty/adds/expect.toml").write_text('base = "plain"\nloses = ["names", "speed"]\n')
    text = (folder / "assessment.toml").read_text()
    (folder / "assessment.toml").write_text(
        text.replace("points = 8", "points = 9").replace("[variant.factor]", "[variant.times]")
    )
    told = proof.still(load_assessment(folder)).problems
    assert "function is worth 9 points, its checks 8" in told
    assert "adds names speed, which is no check" in told
    assert "no faulty twin loses result" in told
    assert "README.md does not tell the value {times}" in told


@pytest.mark.parametrize("slug", ["Queue", "a_b", "../x", ""])
def test_a_name_that_will_not_do_is_refused(assessments: Path, slug: str) -> None:
    with pytest.raises(LearnerError, match="lower-case"):
        new_assessment(assessments, slug)


def test_nothing_is_written_over(assessments: Path) -> None:
    new_assessment(assessments, "queue-worker")
    with pytest.raises(LearnerError, match="already"):
        new_assessment(assessments, "queue-worker")
