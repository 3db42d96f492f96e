from __future__ import annotations

from sandbox.iam.operations import CallSite, checks_for
from sandbox.iam.principal import Principal, anonymous

ROLE = Principal(
    "role",
    "123456789012",
    "arn:aws:sts::123456789012:assumed-role/app/s",
    user_id="AROAAPP:s",
    role_arn="arn:aws:iam::123456789012:role/app",
    tags={"team": "red"},
    source_function_arn="arn:aws:lambda:us-east-1:123456789012:function:hello",
)


def test_global_keys_tell_who_where_and_when() -> None:
    where = CallSite("123456789012", "eu-west-1", ROLE, source_ip="203.0.113.9", user_agent="aws-cli", now=1767225600.5)
    keys = where.global_keys()
    assert keys == {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "AssumedRole",
        "aws:PrincipalArn": "arn:aws:iam::123456789012:role/app",
        "aws:PrincipalAccount": "123456789012",
        "aws:userid": "AROAAPP:s",
        "aws:PrincipalTag/team": "red",
        "lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:hello",
        "aws:SourceIp": "203.0.113.9",
        "aws:SecureTransport": "true",
        "aws:RequestedRegion": "eu-west-1",
        "aws:ViaAWSService": "false",
        "aws:MultiFactorAuthPresent": "false",
        "aws:UserAgent": "aws-cli",
        "aws:EpochTime": "1767225600",
        "aws:CurrentTime": "2026-01-01T00:00:00Z",
    }


def test_without_a_clock_there_is_no_time() -> None:
    assert "aws:CurrentTime" not in CallSite("1", "us-east-1", anonymous()).global_keys()


def test_tags_of_a_request_in_every_spelling() -> None:
    where = CallSite("123456789012", "us-east-1", ROLE)
    for service, operation, params in (
        ("iam", "TagRole", {"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}]}),
        ("lambda", "TagResource", {"Resource": "arn:x", "Tags": {"a": "b"}}),
        ("stepfunctions", "TagResource", {"resourceArn": "arn:x", "tags": [{"key": "a", "value": "b"}]}),
        ("kms", "TagResource", {"KeyId": "k", "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        ("logs", "CreateLogGroup", {"logGroupName": "g", "tags": {"a": "b"}}),
    ):
        check = checks_for(service, operation, params, where)[0]
        assert check.context["aws:RequestTag/a"] == "b", service
        assert check.context["aws:TagKeys"] == ["a"], service
    removed = checks_for("lambda", "UntagResource", {"Resource": "arn:x", "TagKeys": ["a"]}, where)[0]
    assert removed.context["aws:TagKeys"] == ["a"]


def test_tags_of_the_resource_are_keys_when_the_account_tells_them() -> None:
    where = CallSite("123456789012", "us-east-1", ROLE, tags_of=lambda arn: {"env": "prod"} if arn.endswith(":hello") else {})
    (check,) = checks_for("lambda", "Invoke", {"FunctionName": "hello"}, where)
    assert check.context["aws:ResourceTag/env"] == "prod"
    assert check.context["aws:ResourceAccount"] == "123456789012"
