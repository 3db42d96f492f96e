"""Local code goes into the bucket and its address into the template, as ``aws cloudformation package`` does."""

from __future__ import annotations

import io
import zipfile

import pytest

from autograder.errors import SubmissionError
from autograder.packaging import package
from autograder.source_tree import tree_of

APP = """
Globals: {Function: {CodeUri: src}}
Resources:
  Plain:
    Type: AWS::Lambda::Function
    Properties: {Code: src/, Role: !Sub "${Other}"}
  Sam:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: machine.json}
  Inline:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: "x"}}
"""


def submission(template: str = APP) -> dict[str, bytes]:
    return {"template.yaml": template.encode(), "src/app.py": b"x = 1\n", "machine.json": b"{}"}


def test_each_kind_of_code_is_spelled_as_its_resource_wants_it() -> None:
    packaged = package(tree_of(submission()), "artifacts")
    resources = packaged.template["Resources"]
    key = resources["Plain"]["Properties"]["Code"]["S3Key"]
    assert resources["Plain"]["Properties"]["Code"] == {"S3Bucket": "artifacts", "S3Key": key}
    assert resources["Sam"]["Properties"]["CodeUri"] == f"s3://artifacts/{key}"
    assert packaged.template["Globals"]["Function"]["CodeUri"] == f"s3://artifacts/{key}"
    assert packaged.uploads[resources["Machine"]["Properties"]["DefinitionUri"]["Key"]] == b"{}"
    assert resources["Inline"]["Properties"]["Code"] == {"ZipFile": "x"}
    with zipfile.ZipFile(io.BytesIO(packaged.uploads[key])) as archive:
        assert archive.namelist() == ["app.py"]


def test_the_same_code_gives_the_same_bytes() -> None:
    assert package(tree_of(submission()), "b") == package(tree_of(submission()), "b")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: ../other}}}", "relative path"),
        ("Resources: {F: {Type: AWS::Lambda::Function, Properties: {Code: missing}}}", "no such file"),
        ("Resources: [", "template.yaml"),
        ("- 1", "unsupported structure"),
        ("[" * 5_000, "template.yaml"),
    ],
)
def test_what_cannot_be_packaged_says_why(template: str, says: str) -> None:
    with pytest.raises(SubmissionError, match=says):
        package(tree_of(submission(template)), "b")


def test_without_a_template_the_missing_file_is_named() -> None:
    with pytest.raises(SubmissionError, match=r"no template\.yaml"):
        package(tree_of({"README.md": b""}), "b")
