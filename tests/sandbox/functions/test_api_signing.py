from __future__ import annotations

import pytest

PROFILE = "arn:aws:signer:us-east-1:111122223333:/signing-profiles/p"


@pytest.fixture
def arn(lab):
    made = lab.call("CreateCodeSigningConfig", AllowedPublishers={"SigningProfileVersionArns": [PROFILE]}, Description="d")
    return made["CodeSigningConfig"]["CodeSigningConfigArn"]


def test_a_configuration_warns_by_default_and_is_shown_whole(lab, arn):
    shown = lab.call("GetCodeSigningConfig", CodeSigningConfigArn=arn)["CodeSigningConfig"]
    assert shown == {
        "CodeSigningConfigId": arn.rpartition(":")[2],
        "CodeSigningConfigArn": arn,
        "Description": "d",
        "AllowedPublishers": {"SigningProfileVersionArns": [PROFILE]},
        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Warn"},
        "LastModified": "2026-09-21T14:13:20.000+0000",
    }
    assert lab.call("ListCodeSigningConfigs")["CodeSigningConfigs"] == [shown]


def test_an_update_changes_what_is_given(lab, arn):
    changed = lab.call(
        "UpdateCodeSigningConfig",
        CodeSigningConfigArn=arn,
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"},
    )["CodeSigningConfig"]
    assert (changed["CodeSigningPolicies"]["UntrustedArtifactOnDeployment"], changed["Description"]) == ("Enforce", "d")


def test_a_function_is_attached_listed_and_detached(lab, arn):
    lab.create()
    assert lab.call("GetFunctionCodeSigningConfig", FunctionName="hello") == {}
    attached = lab.call("PutFunctionCodeSigningConfig", FunctionName="hello", CodeSigningConfigArn=arn)
    assert attached == {"CodeSigningConfigArn": arn, "FunctionName": "hello"}
    assert lab.call("GetFunctionCodeSigningConfig", FunctionName="hello") == attached
    assert lab.call("ListFunctionsByCodeSigningConfig", CodeSigningConfigArn=arn)["FunctionArns"] == [lab.arn()]
    assert lab.refused("DeleteCodeSigningConfig", CodeSigningConfigArn=arn).code == "ResourceConflictException"
    lab.call("DeleteFunctionCodeSigningConfig", FunctionName="hello")
    assert lab.call("DeleteCodeSigningConfig", CodeSigningConfigArn=arn) == {}


def test_a_configuration_may_come_with_the_function(lab, arn):
    lab.create(CodeSigningConfigArn=arn)
    assert lab.call("GetFunctionCodeSigningConfig", FunctionName="hello")["CodeSigningConfigArn"] == arn


def test_a_configuration_that_is_gone_is_told_apart_by_the_operation(lab, arn):
    lab.create()
    lab.call("DeleteCodeSigningConfig", CodeSigningConfigArn=arn)
    error = lab.refused("GetCodeSigningConfig", CodeSigningConfigArn=arn)
    assert error.message == f"The Lambda code signing configuration {arn} can not be found."
    error = lab.refused("PutFunctionCodeSigningConfig", FunctionName="hello", CodeSigningConfigArn=arn)
    assert (error.code, error.status) == ("CodeSigningConfigNotFoundException", 404)
