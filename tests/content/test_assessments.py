"""Every assessment proves itself: solutions get everything, the starter fails, every faulty twin loses what it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assessment import find_assessments
from autograder.judge import Judge
from courseware import layers

ROOT = Path(__file__).parents[2]
ASSESSMENTS = find_assessments(ROOT / "assessments")
SOLUTIONS = [(one, style) for one in ASSESSMENTS for style in sorted((one.folder / "solutions").iterdir())]


pytestmark = pytest.mark.timeout(600)  # dozens of cold starts on a machine that may be busy


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    (assessment,) = ASSESSMENTS
    with Judge(assessment, layers.ready(assessment.layers, ROOT / ".course")) as ready:
        yield ready


@pytest.mark.parametrize("style", [style for _, style in SOLUTIONS], ids=lambda path: path.name)
def test_a_sound_solution_gets_everything(style: Path, judge: Judge) -> None:
    report = judge.report(style)
    lost = [(check.id, check.message) for criterion in report.criteria for check in criterion.checks if check.points < check.max]
    assert (report.status, report.reason, lost) == ("graded", "", [])


def test_what_cannot_be_read_gets_nothing_and_is_told_why(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no template")
    report = judge.report(tmp_path, "ada")
    assert (report.status, report.score, report.submission) == ("graded", 0, "ada")
    assert "template.yaml" in report.criteria[0].checks[0].message
