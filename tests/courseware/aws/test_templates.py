"""A template is read before it is sent: who could call what it makes, and which names it fixes."""

from __future__ import annotations

import pytest

from courseware.aws.openness import openings
from courseware.aws.templates import fixed_names, open_resources

FUNCTION = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Teapot:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Role: !GetAtt Role.Arn
"""


@pytest.mark.parametrize(
    "more",
    [
        "      FunctionUrlConfig: {AuthType: NONE}\n",
        "      Events: {Web: {Type: HttpApi, Properties: {Path: /, Method: get}}}\n",
        "      Events: {Web: {Type: Api, Properties: {Path: /, Method: get, Auth: {Authorizer: NONE}}}}\n",
    ],
)
def test_a_function_anybody_may_call_is_named(more: str) -> None:
    assert list(open_resources(FUNCTION + more)) == ["Teapot"]
    (opening,) = openings("cloudformation", "CreateStack", {"StackName": "s", "TemplateBody": FUNCTION + more})
    assert (opening.call, opening.params) == ("delete_stack", {"StackName": "s"})


@pytest.mark.parametrize(
    "more",
    [
        "",
        "      FunctionUrlConfig: {AuthType: AWS_IAM}\n",
        "      Events: {Web: {Type: HttpApi, Properties: {Path: /, Method: get, Auth: {Authorizer: Jwt}}}}\n",
        "      Events: {Poll: {Type: SQS, Properties: {Queue: q}}}\n",
        "Globals: {HttpApi: {Auth: {DefaultAuthorizer: Jwt}}}\n",
    ],
)
def test_a_function_that_asks_who_calls_is_not(more: str) -> None:
    assert list(open_resources(FUNCTION + more)) == []


@pytest.mark.parametrize(
    ("kind", "properties", "is_open"),
    [
        ("AWS::Lambda::Url", "{AuthType: NONE}", True),
        ("AWS::Lambda::Url", "{AuthType: AWS_IAM}", False),
        ("AWS::Lambda::Permission", '{Principal: "*", FunctionName: f}', True),
        ("AWS::Lambda::Permission", "{Principal: s3.amazonaws.com, FunctionName: f}", False),
        ("AWS::ApiGatewayV2::Route", "{RouteKey: GET /}", True),
        ("AWS::ApiGateway::Method", "{AuthorizationType: AWS_IAM}", False),
        ("AWS::Serverless::HttpApi", "{Auth: {DefaultAuthorizer: Jwt}}", False),
        ("AWS::Serverless::Api", "{StageName: live}", True),
        ("AWS::S3::Bucket", "{AccessControl: PublicRead}", True),
        ("AWS::S3::BucketPolicy", '{PolicyDocument: {Statement: [{Effect: Allow, Principal: "*"}]}}', True),
        ("AWS::SQS::QueuePolicy", "{PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s}}]}}", False),
    ],
)
def test_each_way_of_opening_is_known(kind: str, properties: str, is_open: bool) -> None:
    text = f"Resources: {{Thing: {{Type: '{kind}', Properties: {properties}}}}}"
    assert list(open_resources(text)) == (["Thing"] if is_open else [])


def test_names_that_a_template_fixes_are_found_and_references_are_not() -> None:
    text = """
Resources:
  Teapot: {Type: AWS::Lambda::Function, Properties: {FunctionName: teapot}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${AWS::StackName}-q"}}
  May: {Type: AWS::Lambda::Permission, Properties: {FunctionName: somebody-elses, Principal: s3.amazonaws.com}}
"""
    assert list(fixed_names(text)) == ["teapot"]


@pytest.mark.parametrize("text", ["", "{", "just words", "Resources: 3", "Strange: {}"])
def test_a_template_that_cannot_be_read_is_left_to_aws(text: str) -> None:
    assert list(open_resources(text)) == []
    assert list(fixed_names(text)) == []
