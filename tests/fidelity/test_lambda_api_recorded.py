"""What the Lambda API answers, against AWS's recorded answers (sources: recorded/lambda_api.json, one per case)."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "recorded" / "lambda_api.json").read_text())


def _lab_module():
    """The functions room's own bench, shared by path: tests are no packages."""
    path = HERE.parent / "sandbox" / "functions" / "conftest.py"
    spec = importlib.util.spec_from_file_location("functions_lab", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make_lab = _lab_module().make_lab


@pytest.fixture
def lab():
    """A function with versions 1 and 2."""
    lab = make_lab()
    lab.create(Runtime="python3.12")
    lab.publish()
    lab.publish(content=b"v2")
    return lab


def fits(answer, recorded):
    """Equal but for the values that differ on every call."""
    if isinstance(recorded, dict):
        return (
            isinstance(answer, dict) and answer.keys() == recorded.keys() and all(fits(answer[k], v) for k, v in recorded.items())
        )
    return recorded == "<any>" or answer == recorded


def configuration(name):
    row = RECORDED["configurations"][name]
    created = RECORDED["configurations"]["created"]["answer"]
    return {key: value for key, value in (created | row.get("changes", {})).items() if key not in row.get("absent", [])}


@pytest.fixture
def empty():
    return make_lab()


def test_a_created_function(empty):
    assert fits(empty.create(Runtime="python3.12"), configuration("created"))


def test_a_function_that_is_read_after_its_creation(empty):
    created = empty.create(Runtime="python3.12")
    read = empty.call("GetFunction", FunctionName="hello")
    assert read.keys() == {"Configuration", "Code"}
    assert fits(read["Configuration"], configuration("read"))
    assert read["Configuration"]["RevisionId"] != created["RevisionId"]


def test_an_updated_function(empty):
    empty.create(Runtime="python3.12")
    assert fits(empty.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2"), configuration("updated"))


def test_listed_versions(empty):
    empty.create(Runtime="python3.12")
    listed = empty.call("ListVersionsByFunction", FunctionName="hello")["Versions"]
    assert len(listed) == 1
    assert fits(listed[0], configuration("listed"))


def test_a_function_created_and_published(empty):
    assert fits(empty.create(Runtime="python3.12", Publish=True), configuration("created_and_published"))


def test_a_published_version(empty):
    empty.create(Runtime="python3.12")
    published = empty.call("PublishVersion", FunctionName="hello")
    assert fits(published, configuration("published"))
    read = empty.call("GetFunctionConfiguration", FunctionName="hello", Qualifier="1")
    assert read["RevisionId"] == published["RevisionId"]


def test_a_function_updated_and_published(empty):
    empty.create(Runtime="python3.12")
    shown = empty.call("UpdateFunctionCode", FunctionName="hello", ZipFile=b"v2", Publish=True)
    assert fits(shown, configuration("updated_and_published"))


@pytest.mark.parametrize("case", RECORDED["answers"], ids=lambda case: case["from"])
def test_an_answer(lab, case):
    answer = lab.call(case["operation"], **case["params"])
    assert fits(answer, case["answer"]), answer


@pytest.mark.parametrize("case", RECORDED["refusals"], ids=lambda case: f"{case['operation']} {case['from']}")
def test_a_refusal(lab, case):
    error = lab.refused(case["operation"], **case["params"])
    assert (error.code, error.message, error.status) == (case["code"], case["message"], case["status"])
    assert error.fields.get("Type") == case["type"]


@pytest.mark.parametrize("case", RECORDED["creations"], ids=lambda case: f"{case['params']} {case['from']}")
def test_a_creation_that_is_refused(empty, case):
    error = empty.create_refused(**case["params"])
    assert (error.code, error.status, error.fields.get("Type")) == (case["code"], 400, case["type"])
    assert error.message.startswith(case["message"])


def test_the_life_of_a_url(lab):
    recorded = RECORDED["url"]
    lab.call("CreateFunctionUrlConfig", FunctionName="hello", AuthType="NONE")
    again = lab.refused("CreateFunctionUrlConfig", FunctionName="hello", AuthType="NONE")
    assert (again.code, again.message) == ("ResourceConflictException", recorded["again"])
    assert fits(lab.call("GetFunctionUrlConfig", FunctionName="hello"), recorded["get"])
    assert fits(lab.call("UpdateFunctionUrlConfig", FunctionName="hello", AuthType="AWS_IAM"), recorded["update"])


def test_a_permission(lab):
    recorded = RECORDED["permission"]
    added = lab.call("AddPermission", **recorded["params"])
    assert json.loads(added["Statement"]) == recorded["statement"]
    assert list(json.loads(added["Statement"])) == list(recorded["statement"])
    policy = json.loads(lab.call("GetPolicy", FunctionName="hello")["Policy"])
    assert policy == {"Version": "2012-10-17", "Id": "default", "Statement": [recorded["statement"]]}


def test_the_environment_that_is_too_large(lab):
    given = {"SMALL_VAR": "ok", "LARGE_VAR": "x" * 4096}
    error = lab.create_refused("more", Environment={"Variables": given})
    assert error.message == RECORDED["environment"]["message"] + "x" * 4096 + '"}'
