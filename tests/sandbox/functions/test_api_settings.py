from __future__ import annotations

import pytest


def test_recursion_is_stopped_unless_allowed(lab):
    lab.create()
    assert lab.call("GetFunctionRecursionConfig", FunctionName="hello") == {"RecursiveLoop": "Terminate"}
    assert lab.call("PutFunctionRecursionConfig", FunctionName="hello", RecursiveLoop="Allow") == {"RecursiveLoop": "Allow"}
    assert lab.registry.recursive_loop(lab.resolve()) == "Allow"
    assert lab.refused("PutFunctionRecursionConfig", FunctionName="hello", RecursiveLoop="No").code == "ValidationException"


def test_the_runtime_follows_aws_unless_it_is_pinned(lab):
    lab.create(Publish=True)
    arn = "arn:aws:lambda:us-east-1::runtime:abc"
    shown = lab.call("GetRuntimeManagementConfig", FunctionName="hello")
    assert shown == {"UpdateRuntimeOn": "Auto", "FunctionArn": lab.arn(qualifier="$LATEST")}
    pinned = lab.call("PutRuntimeManagementConfig", FunctionName="hello", UpdateRuntimeOn="Manual", RuntimeVersionArn=arn)
    assert pinned["RuntimeVersionArn"] == arn
    shown = lab.call("GetFunctionConfiguration", FunctionName="hello")
    assert shown["RuntimeVersionConfig"] == {"RuntimeVersionArn": arn}
    other = lab.call("GetRuntimeManagementConfig", FunctionName="hello", Qualifier="1")
    assert other["UpdateRuntimeOn"] == "Auto"


def test_a_missing_function_or_version_has_no_settings(lab):
    lab.create()
    error = lab.refused("GetRuntimeManagementConfig", FunctionName="ghost")
    assert error.message == f"Function not found: {lab.arn('ghost')}"
    error = lab.refused("GetRuntimeManagementConfig", FunctionName="hello", Qualifier="7")
    assert error.message == f"Function not found: {lab.arn(qualifier='7')}"


def test_another_runtime_is_not_pinned_any_more(lab):
    lab.create()
    arn = "arn:aws:lambda:us-east-1::runtime:abc"
    lab.call("PutRuntimeManagementConfig", FunctionName="hello", UpdateRuntimeOn="Manual", RuntimeVersionArn=arn)
    same = lab.call("UpdateFunctionConfiguration", FunctionName="hello", Runtime="python3.13")
    assert same["RuntimeVersionConfig"]["RuntimeVersionArn"] == arn
    other = lab.call("UpdateFunctionConfiguration", FunctionName="hello", Runtime="python3.14")
    assert other["RuntimeVersionConfig"]["RuntimeVersionArn"] != arn
    assert lab.call("GetRuntimeManagementConfig", FunctionName="hello")["UpdateRuntimeOn"] == "Auto"


@pytest.mark.parametrize("params", [{"UpdateRuntimeOn": "Manual"}, {"UpdateRuntimeOn": "Auto", "RuntimeVersionArn": "a"}])
def test_a_pinned_version_and_manual_go_together(lab, params):
    lab.create()
    if "RuntimeVersionArn" in params:
        params = params | {"RuntimeVersionArn": "arn:aws:lambda:us-east-1::runtime:abc"}
    error = lab.refused("PutRuntimeManagementConfig", FunctionName="hello", **params)
    assert error.code == "InvalidParameterValueException"


def test_tags_are_added_overwritten_and_removed(lab):
    lab.create(Tags={"a": "1"})
    lab.call("TagResource", Resource=lab.arn(), Tags={"a": "2", "b": "3"})
    assert lab.call("ListTags", Resource=lab.arn()) == {"Tags": {"a": "2", "b": "3"}}
    lab.call("UntagResource", Resource=lab.arn(), TagKeys=["a", "none"])
    assert lab.call("GetFunction", FunctionName="hello")["Tags"] == {"b": "3"}


def test_fifty_tags_and_no_more(lab):
    lab.create(Tags={f"k{number}": "v" for number in range(49)})
    lab.call("TagResource", Resource=lab.arn(), Tags={"k49": "v"})
    error = lab.refused("TagResource", Resource=lab.arn(), Tags={"k50": "v"})
    assert error.message == "Number of tags exceeds resource tag limit."
    assert lab.create_refused("more", Tags={f"k{number}": "v" for number in range(51)}).message == error.message


def test_awss_own_tags_are_out_of_reach(lab):
    assert "aws:" in lab.create_refused(Tags={"aws:cloudformation:stack-name": "x"}).message


def test_versions_and_aliases_take_no_tags(lab):
    lab.create(Publish=True)
    error = lab.refused("TagResource", Resource=lab.arn(qualifier="1"), Tags={"a": "b"})
    assert error.message == "Tags on function aliases and versions are not supported. Please specify a function ARN."


def test_mappings_and_signing_configurations_take_tags(lab):
    lab.create()
    mapping = lab.call(
        "CreateEventSourceMapping", FunctionName="hello", EventSourceArn="arn:aws:sqs:us-east-1:111122223333:q", Tags={"a": "1"}
    )
    signing = lab.call(
        "CreateCodeSigningConfig",
        AllowedPublishers={"SigningProfileVersionArns": ["arn:aws:signer:us-east-1:111122223333:/signing-profiles/p"]},
    )
    for arn in (mapping["EventSourceMappingArn"], signing["CodeSigningConfig"]["CodeSigningConfigArn"]):
        lab.call("TagResource", Resource=arn, Tags={"b": "2"})
        assert lab.call("ListTags", Resource=arn)["Tags"]["b"] == "2"
        lab.call("UntagResource", Resource=arn, TagKeys=["b"])
        assert "b" not in lab.call("ListTags", Resource=arn)["Tags"]


def test_a_resource_that_is_not_there_has_no_tags(lab):
    assert lab.refused("ListTags", Resource=lab.arn("ghost")).message == f"Function not found: {lab.arn('ghost')}"
    arn = "arn:aws:lambda:us-east-1:111122223333:event-source-mapping:00000000-0000-0000-0000-000000000000"
    assert lab.refused("ListTags", Resource=arn).code == "ResourceNotFoundException"
    assert lab.refused("ListTags", Resource="arn:aws:s3:::b").code == "ValidationException"
