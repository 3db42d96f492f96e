"""An assessment's checks as ordinary pytest tests, for whoever writes them: the submission is judged once, each check is a test.

``pytest -p courseware.author.pytest_plugin assessments/SLUG/checks --submission FOLDER``
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.assessment import Assessment, load_assessment
from autograder.intake import take
from autograder.judge import Judge, fixtures, run_scenarios
from autograder.observer import observe
from autograder.scene import Scene
from autograder.solutions import solution
from autograder.source_tree import SourceTree
from courseware import layers


def pytest_addoption(parser: pytest.Parser) -> None:
    """The submission to judge."""
    parser.addoption("--submission", type=Path, required=True, help="the folder or archive whose stack the checks look at")


@pytest.fixture(scope="session", name="scene")
def judged_scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The submission deployed, every scenario run, evidence taken. The assessment is the one whose checks were collected."""
    folder = Path(request.session.items[0].path).parents[1]
    assessment = load_assessment(folder)
    with Judge(assessment, layers.ready(assessment.layers)) as judge:
        scene = judge.scene(_handed_in(assessment, request.config.getoption("--submission")), assessment.variant(b"", ""))
        run_scenarios(judge.program, scene)
        observe(scene)
        yield scene


def _handed_in(assessment: Assessment, path: Path) -> SourceTree:
    """A solution of the assessment may be but what it changes of the starter."""
    own = path.resolve().parent == (assessment.folder / "solutions").resolve()
    return solution(assessment, path.name) if own else take(path)


def _fixture(name: str) -> Any:
    @pytest.fixture(scope="session", name=name)
    def held(scene: Scene) -> Any:
        return fixtures(scene)[name]

    return held


stack = _fixture("stack")
variant = _fixture("variant")
clients = _fixture("clients")
clock = _fixture("clock")
faults = _fixture("faults")
traffic = _fixture("traffic")
evidence = _fixture("evidence")
