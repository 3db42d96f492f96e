"""A submission's stack over time: an update with other files, while the account goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.assessment import load_assessment
from autograder.judge import Judge
from autograder.scene import Scene
from autograder.source_tree import read_tree

FOLDER = Path(__file__).parents[2] / "assessments/_template"
TREE = read_tree(FOLDER / "solutions/plain")
ADDS = b'def handler(event, context):\n    return {"result": event["number"] + 2}\n'


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(load_assessment(FOLDER)) as one:
        yield one


@pytest.fixture
def scene(judge: Judge) -> Scene:
    return judge.scene(TREE, {"factor": 2})


def answer(scene: Scene) -> int:
    function = scene.stack.outputs["FunctionName"]
    payload = scene.clients("lambda").invoke(FunctionName=function, Payload=b'{"number": 21}')["Payload"]
    return int(json.load(payload)["result"])


def ended(scene: Scene) -> str:
    while scene.stack_status().endswith("_IN_PROGRESS"):
        scene.clock.advance(seconds=30)
    return scene.stack_status()


def test_a_release_is_the_same_stack_with_other_files(scene: Scene) -> None:
    assert answer(scene) == 42
    assert scene.release({"src/app.py": ADDS}) == ""
    assert ended(scene) == "UPDATE_COMPLETE"
    assert answer(scene) == 23


def test_a_release_that_cannot_begin_says_why_and_changes_nothing(scene: Scene) -> None:
    assert "No updates" in scene.release({})
    assert "template" in scene.release({"template.yaml": b"Resources: ["})
    assert ended(scene) == "CREATE_COMPLETE"
    assert answer(scene) == 42


def test_parameters_of_a_release_reach_a_template_that_declares_them(scene: Scene) -> None:
    assert scene.release({}, Stage="exam3", Unknown="x") == ""
    assert ended(scene) == "UPDATE_COMPLETE"
    function = scene.clients("lambda").get_function_configuration(FunctionName=scene.stack.outputs["FunctionName"])
    assert function["Environment"]["Variables"]["STAGE"] == "exam3"
