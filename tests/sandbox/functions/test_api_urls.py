from __future__ import annotations

import re

import pytest

CREATE = {"FunctionName": "hello", "AuthType": "NONE"}


def test_a_url_has_awss_host_name_by_default(lab):
    lab.create()
    shown = lab.call("CreateFunctionUrlConfig", **CREATE)
    assert re.fullmatch(r"https://[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws/", shown["FunctionUrl"])
    assert re.fullmatch(r"2026-09-21T14:13:20\.\d{6}Z", shown["CreationTime"])
    assert not {"Cors", "InvokeMode", "LastModifiedTime"} & shown.keys()


def test_one_url_for_the_function_and_one_for_each_alias(lab):
    lab.create(Publish=True)
    lab.call("CreateAlias", FunctionName="hello", Name="prod", FunctionVersion="1")
    lab.call("CreateFunctionUrlConfig", **CREATE)
    lab.call("CreateFunctionUrlConfig", Qualifier="prod", **CREATE)
    shown = lab.call("ListFunctionUrlConfigs", FunctionName="hello")["FunctionUrlConfigs"]
    assert [each["FunctionArn"] for each in shown] == [lab.arn(), lab.arn(qualifier="prod")]
    assert lab.refused("CreateFunctionUrlConfig", **CREATE).code == "ResourceConflictException"


def test_a_version_takes_no_url(lab):
    lab.create(Publish=True)
    for qualifier in ("1", "$LATEST"):
        error = lab.refused("CreateFunctionUrlConfig", Qualifier=qualifier, **CREATE)
        assert error.code == "ValidationException"
        assert "at 'qualifier'" in error.message
    assert lab.refused("CreateFunctionUrlConfig", FunctionName="hello:1", AuthType="NONE").code == "ValidationException"


@pytest.mark.parametrize("params", [{"FunctionName": "ghost"}, {"FunctionName": "hello", "Qualifier": "ghost"}])
def test_a_url_needs_its_function_or_alias(lab, params):
    lab.create()
    assert lab.refused("CreateFunctionUrlConfig", AuthType="NONE", **params).message == "Function does not exist"


def test_an_update_changes_what_is_given_and_the_lookup_sees_it(lab):
    lab.create()
    created = lab.call("CreateFunctionUrlConfig", Cors={"AllowOrigins": ["*"], "MaxAge": 60}, **CREATE)
    lab.clock.move_to(lab.clock.now() + 5)
    shown = lab.call("UpdateFunctionUrlConfig", FunctionName="hello", AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM")
    assert (shown["AuthType"], shown["InvokeMode"], shown["FunctionUrl"]) == (
        "AWS_IAM",
        "RESPONSE_STREAM",
        created["FunctionUrl"],
    )
    assert shown["Cors"] == {"AllowOrigins": ["*"], "MaxAge": 60}
    assert shown["LastModifiedTime"] > shown["CreationTime"]
    url_id = created["FunctionUrl"].removeprefix("https://").partition(".")[0]
    assert lab.registry.url(url_id).auth_type == "AWS_IAM"
    assert lab.registry.url(url_id).streams


def test_a_mode_given_at_creation_is_kept(lab):
    lab.create()
    assert lab.call("CreateFunctionUrlConfig", InvokeMode="RESPONSE_STREAM", **CREATE)["InvokeMode"] == "RESPONSE_STREAM"
    assert lab.call("GetFunctionUrlConfig", FunctionName="hello")["InvokeMode"] == "RESPONSE_STREAM"


def test_a_version_inside_the_name_is_refused_for_its_pattern(lab):
    lab.create(Publish=True)
    for name in ("hello:1", "hello:$LATEST"):
        error = lab.refused("GetFunctionUrlConfig", FunctionName=name)
        assert error.code == "ValidationException"
        assert f"Value '{name}' at 'functionName'" in error.message


def test_an_empty_cors_removes_it(lab):
    lab.create()
    lab.call("CreateFunctionUrlConfig", Cors={"AllowOrigins": ["*"]}, **CREATE)
    assert "Cors" not in lab.call("UpdateFunctionUrlConfig", FunctionName="hello", Cors={})


@pytest.mark.parametrize(
    ("fits", "breaks"),
    [
        ({"MaxAge": 86_400}, {"MaxAge": 86_401}),
        ({"AllowOrigins": ["https://a.example"] * 100}, {"AllowOrigins": ["https://a.example"] * 101}),
        ({"AllowHeaders": ["x-a"] * 100}, {"AllowHeaders": ["x-a"] * 101}),
        ({"ExposeHeaders": ["x-a"] * 100}, {"ExposeHeaders": ["x-a"] * 101}),
        ({"AllowMethods": ["DELETE"]}, {"AllowMethods": ["OPTIONS"]}),
        ({"AllowMethods": ["GET"] * 6}, {"AllowMethods": ["GET"] * 7}),
    ],
)
def test_cors_has_its_limits(lab, fits, breaks):
    lab.create()
    assert lab.refused("CreateFunctionUrlConfig", Cors=breaks, **CREATE).code == "ValidationException"
    assert lab.call("CreateFunctionUrlConfig", Cors=fits, **CREATE)["Cors"] == fits


def test_the_auth_type_is_one_of_two(lab):
    lab.create()
    error = lab.refused("CreateFunctionUrlConfig", FunctionName="hello", AuthType="PUBLIC")
    assert "Member must satisfy enum value set: [NONE, AWS_IAM]" in error.message


def test_a_deleted_url_is_gone_and_a_new_one_has_another_id(lab):
    lab.create()
    first = lab.call("CreateFunctionUrlConfig", **CREATE)["FunctionUrl"]
    assert lab.call("DeleteFunctionUrlConfig", FunctionName="hello") == {}
    for operation in ("GetFunctionUrlConfig", "DeleteFunctionUrlConfig", "UpdateFunctionUrlConfig"):
        assert lab.refused(operation, FunctionName="hello").message == "The resource you requested does not exist."
    assert lab.call("CreateFunctionUrlConfig", **CREATE)["FunctionUrl"] != first
