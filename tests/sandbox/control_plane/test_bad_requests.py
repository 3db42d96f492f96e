from __future__ import annotations

import json

import pytest

from sandbox.control_plane.protocol import model
from sandbox.http_message import HttpRequest

RPC = "sqs sns dynamodb dynamodbstreams kinesis events stepfunctions logs cloudwatch iam sts kms secretsmanager ssm codedeploy"
RPC += " organizations resourcegroupstaggingapi"


def empty_request(service, operation):
    metadata = model(service).metadata
    if metadata.get("targetPrefix"):
        version = metadata.get("jsonVersion", "1.0")
        headers = [
            ("X-Amz-Target", f"{metadata['targetPrefix']}.{operation}"),
            ("Content-Type", f"application/x-amz-json-{version}"),
        ]
        return HttpRequest("POST", "/", "", [("Host", "127.0.0.1"), *headers], b"{}")
    headers = [("Host", "127.0.0.1"), ("Content-Type", "application/x-www-form-urlencoded")]
    return HttpRequest("POST", "/", "", headers, f"Action={operation}".encode())


@pytest.mark.parametrize("service", RPC.split())
def test_every_operation_answers_an_empty_request_somehow(plane, service):
    for operation in model(service).operation_names:
        response = plane.answer(service, empty_request(service, operation))
        assert 200 <= response.status < 600, operation
        if response.status >= 500:
            assert operation.encode() in response.body, operation  # an error of ours names what it could not do


@pytest.mark.parametrize(
    ("service", "operation", "says"),
    [
        ("iam", "PutUserPermissionsBoundary", "permissionsBoundary"),
        ("sts", "AssumeRole", "roleArn"),
        ("cloudwatch", "GetMetricStatistics", "Namespace is required"),
    ],
)
def test_a_missing_parameter_of_our_own_operations_is_the_callers_mistake(plane, service, operation, says):
    response = plane.answer(service, empty_request(service, operation))
    assert response.status == 400
    assert says in response.body.decode() or "userName" in response.body.decode()


def test_unchecked_web_identities_open_no_session(plane):
    response = plane.answer("sts", empty_request("sts", "AssumeRoleWithWebIdentity"))
    assert response.status in (400, 501)
    assert b"AccessKeyId" not in response.body


def test_a_functions_stack_that_moto_cannot_make_is_an_error_and_the_account_lives(plane):
    properties = {"Code": {"ZipFile": "x"}, "Handler": "i.h", "Role": "arn:aws:iam::123456789012:role/r", "Runtime": "python3.12"}
    template = json.dumps({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": properties}}})
    client = plane.client("cloudformation")
    try:
        client.create_stack(StackName="s", TemplateBody=template)
    except client.exceptions.ClientError as error:
        assert "functions live in sandbox.functions" in str(error)  # noqa: PT017
    assert plane.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
