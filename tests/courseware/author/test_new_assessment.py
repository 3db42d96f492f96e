"""A new assessment works at once, and takes nobody's place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import proof
from autograder.assessment import load_assessment
from autograder.errors import LabError
from autograder.judge import Judge
from autograder.solutions import solution
from courseware.author.new_assessment import new_assessment
from courseware.errors import LearnerError

TEMPLATE = Path(__file__).parents[3] / "assessments" / "_template"


@pytest.fixture(name="assessments")
def folder_of_assessments(tmp_path: Path) -> Path:
    shutil.copytree(TEMPLATE, tmp_path / "_template")
    return tmp_path


def test_what_is_laid_out_proves_itself(assessments: Path) -> None:
    assessment = load_assessment(new_assessment(assessments, "queue-worker"))
    with Judge(assessment, course_key=proof.KEY) as judge:
        proofs = [proof.still(assessment), *proof.run(judge)]
    assert [one for one in proofs if one.problems] == []
    learners = ["plain with own values", "plain copied"]
    assert [one.what for one in proofs] == ["text and numbers", "starter", "plain", *learners, "adds", "one-stage-only"]


def test_what_does_not_fit_is_told(assessments: Path) -> None:
    folder = new_assessment(assessments, "queue-worker")
    (folder / "faulty/adds/expect.toml").write_text('base = "plain"\nloses = ["names", "speed"]\n')
    text = (folder / "assessment.toml").read_text()
    text = text.replace("points = 8", "points = 9").replace("[variant.factor]", "[variant.times]")
    (folder / "assessment.toml").write_text(text.replace('FACTOR: "{factor}"', "BY: {times}, {factor}"))
    told = proof.still(load_assessment(folder)).problems
    assert "function is worth 9 points, its checks 8" in told
    assert "adds names speed, which is no check" in told
    assert "no faulty twin loses result" in told
    assert "README.md does not tell the value {times}" in told
    assert "'BY: {times}, {factor}' of times holds {factor}, which is no [variant.factor]" in told
    assert "'BY: 2, {factor}' of times stands in no file of the starter or a solution" in told


def test_a_solution_that_has_the_value_in_its_code_is_found_by_learners_of_other_values(assessments: Path) -> None:
    folder = new_assessment(assessments, "queue-worker")
    template = folder / "solutions/plain/template.yaml"
    template.write_text(template.read_text().replace('FACTOR: "2"', 'FACTOR: "02"'))
    assessment = load_assessment(folder)
    plain = solution(assessment, "plain")
    with Judge(assessment, course_key=proof.KEY) as judge:
        (problem,) = proof.own_values_problems(judge, plain)
        assert problem.startswith("result: The function was called")
        assert proof.copy_problems(judge, plain) == ()
        with pytest.raises(LabError, match="nothing whose name holds 'nowhere'; there are: starter, plain, plain with"):
            proof.run(judge, "nowhere")
    with pytest.raises(LabError, match="nothing whose name holds"):
        proof.written(assessment, folder / "hand-ins", "nowhere")


def test_a_place_without_its_value_is_refused(assessments: Path) -> None:
    path = new_assessment(assessments, "queue-worker") / "assessment.toml"
    path.write_text(path.read_text().replace("{factor}", "2"))
    with pytest.raises(LabError, match=r"written 'FACTOR: \"2\"', which has no \{factor\}"):
        load_assessment(path.parent)


@pytest.mark.parametrize("slug", ["Queue", "a_b", "../x", ""])
def test_a_name_that_will_not_do_is_refused(assessments: Path, slug: str) -> None:
    with pytest.raises(LearnerError, match="lower-case"):
        new_assessment(assessments, slug)


def test_nothing_is_written_over(assessments: Path) -> None:
    new_assessment(assessments, "queue-worker")
    with pytest.raises(LearnerError, match="already"):
        new_assessment(assessments, "queue-worker")
