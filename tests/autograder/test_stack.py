"""A submission's stack over time: an update with other files, while the account goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from autograder.assessment import load_assessment
from autograder.judge import Judge
from autograder.scene import Scene
from autograder.source_tree import read_tree, tree_of

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


def test_a_stack_that_is_never_done_is_its_authors_fault(judge: Judge) -> None:
    """Its custom resource is made by a function that never says so."""
    waits = '  Waits: {Type: "Custom::Waits", Properties: {ServiceToken: !GetAtt Multiplier.Arn}}\n\nOutputs:'
    template = TREE.files["template.yaml"].decode().replace("\nOutputs:", waits)
    report = judge.report_of(tree_of({**TREE.files, "template.yaml": template.encode()}), "waits")
    assert (report.status, report.score) == ("graded", 0)
    assert "still CREATE_IN_PROGRESS after 20 minutes" in report.criteria[0].checks[0].message


def test_what_a_function_puts_into_the_graders_queue_is_passed_over(scene: Scene) -> None:
    sns, sqs = scene.clients("sns"), scene.clients("sqs")
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    scene.ears.listen("alerts", topic)
    url = sqs.get_queue_url(QueueName="course-alerts")["QueueUrl"]
    with pytest.raises(ClientError, match="explicit deny"):
        sqs.send_message(QueueUrl=url, MessageBody='{"Message": "{}"}')
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})  # as a role may that may do anything
    for body in ("5", "no JSON", '{"Message": 5}', '{"MessageAttributes": []}', "[" * 5000):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    assert scene.ears.heard("alerts") == []
    scene.ears.listen("alerts", topic)
    sns.publish(TopicArn=topic, Message="rings")
    scene.clock.advance(seconds=5)
    assert [message.body for message in scene.ears.heard("alerts")] == ["rings"]
