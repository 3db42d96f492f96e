"""What lets anybody in is seen before it is sent, and how it is closed again is known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from courseware.aws.openness import for_everybody, openings


def policy(principal: Any, **more: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "*", **more}]})


@pytest.mark.parametrize(
    ("service", "operation", "params", "closing"),
    [
        ("lambda", "CreateFunctionUrlConfig", {"FunctionName": "f", "AuthType": "NONE"}, "update_function_url_config"),
        ("lambda", "UpdateFunctionUrlConfig", {"FunctionName": "f", "AuthType": "NONE"}, "update_function_url_config"),
        ("lambda", "AddPermission", {"FunctionName": "f", "StatementId": "s", "Principal": "*"}, "remove_permission"),
        ("s3", "PutBucketPolicy", {"Bucket": "b", "Policy": policy("*")}, "delete_bucket_policy"),
        ("s3", "PutBucketAcl", {"Bucket": "b", "ACL": "public-read"}, "put_bucket_acl"),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k", "ACL": "public-read"}, "put_object_acl"),
        (
            "s3",
            "PutBucketAcl",
            {"Bucket": "b", "GrantRead": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'},
            "put_bucket_acl",
        ),
        ("s3", "DeletePublicAccessBlock", {"Bucket": "b"}, "put_public_access_block"),
        (
            "s3",
            "PutPublicAccessBlock",
            {"Bucket": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
            "put_public_access_block",
        ),
        ("sqs", "SetQueueAttributes", {"QueueUrl": "u", "Attributes": {"Policy": policy({"AWS": "*"})}}, "set_queue_attributes"),
        (
            "sns",
            "SetTopicAttributes",
            {"TopicArn": "t", "AttributeName": "Policy", "AttributeValue": policy(["*"])},
            "delete_topic",
        ),
        ("apigatewayv2", "CreateRoute", {"ApiId": "a", "RouteKey": "GET /"}, "delete_api"),
        ("apigateway", "PutMethod", {"restApiId": "a", "authorizationType": "NONE"}, "delete_rest_api"),
        (
            "apigateway",
            "UpdateMethod",
            {"restApiId": "a", "patchOperations": [{"op": "replace", "path": "/authorizationType", "value": "NONE"}]},
            "delete_rest_api",
        ),
        ("apigateway", "PutRestApi", {"restApiId": "a", "body": b"{}"}, "delete_rest_api"),
        ("cloudformation", "CreateStack", {"StackName": "s", "TemplateURL": "https://…"}, "delete_stack"),
    ],
)
def test_a_request_that_opens_something_names_the_call_that_closes_it(
    service: str, operation: str, params: dict[str, Any], closing: str
) -> None:
    (opening,) = openings(service, operation, params)
    assert (opening.service, opening.call) == (service, closing)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("lambda", "CreateFunctionUrlConfig", {"FunctionName": "f", "AuthType": "AWS_IAM"}),
        ("lambda", "AddPermission", {"FunctionName": "f", "StatementId": "s", "Principal": "s3.amazonaws.com"}),
        ("lambda", "AddPermission", {"FunctionName": "f", "StatementId": "s", "Principal": "*", "PrincipalOrgID": "o-1"}),
        ("s3", "CreateBucket", {"Bucket": "b"}),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": policy("*").encode()}),
        ("apigatewayv2", "CreateRoute", {"ApiId": "a", "RouteKey": "GET /", "AuthorizationType": "JWT"}),
        ("apigateway", "PutMethod", {"restApiId": "a", "authorizationType": "NONE", "apiKeyRequired": True}),
        ("sqs", "CreateQueue", {"QueueName": "q", "Attributes": {"Policy": policy({"Service": "sns.amazonaws.com"})}}),
    ],
)
def test_a_request_for_somebody_in_particular_opens_nothing(service: str, operation: str, params: dict[str, Any]) -> None:
    assert openings(service, operation, params) == []


def test_what_is_made_open_is_taken_back_whole() -> None:
    (queue,) = openings("sqs", "CreateQueue", {"QueueName": "q", "Attributes": {"Policy": policy("*")}})
    (role,) = openings("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": policy({"AWS": "*"})})
    (api,) = openings("apigatewayv2", "CreateApi", {"Name": "a", "ProtocolType": "HTTP", "Target": "arn:…"})
    assert (queue.remove, role.remove, api.remove) == (("queue", "q"), ("role", "r"), ("HTTP API", "a"))


@pytest.mark.parametrize(
    ("condition", "open_to_all"),
    [
        ({}, True),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:t"}}, False),
        ({"StringEquals": {"AWS:SourceAccount": ["111122223333"]}}, False),
        ({"ArnLike": {"aws:SourceArn": "*"}}, True),
        ({"Null": {"aws:SourceArn": "false"}}, True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ],
)
def test_a_condition_narrows_only_when_it_says_whose_requests_are_meant(condition: dict[str, Any], open_to_all: bool) -> None:
    assert for_everybody(policy("*", Condition=condition)) is open_to_all


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"Statement": "x"}', '{"Statement": [{"Effect": "Deny", "Principal": "*"}]}']
)
def test_what_is_no_open_policy_is_left_to_aws(text: str) -> None:
    assert not for_everybody(text)
