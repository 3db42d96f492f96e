"""What a real client sees of the Lambda API's answers and errors.

Source of the error bodies: localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json (recorded 2024-04-10):
``Message`` beside ``Type`` for a missing resource, ``message`` beside ``Type`` for the other modelled errors, neither for
ValidationException.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime

import pytest
from botocore.exceptions import ClientError

from sandbox.account import inprocess_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(scope="module")
def client():
    with inprocess_account() as account:
        role = account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", "def handler(event, context):\n    return 1\n")
        client = account.client("lambda")
        client.create_function(
            FunctionName="hello", Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": package.getvalue()}
        )
        yield client


def error_of(call, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    response = caught.value.response
    extra = {key: value for key, value in response.items() if key not in {"Error", "ResponseMetadata"}}
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], extra


def test_waiters_succeed_at_once(client):
    client.get_waiter("function_active_v2").wait(FunctionName="hello", WaiterConfig={"Delay": 0, "MaxAttempts": 1})
    client.update_function_configuration(FunctionName="hello", Timeout=4)
    client.get_waiter("function_updated_v2").wait(FunctionName="hello", WaiterConfig={"Delay": 0, "MaxAttempts": 1})


def test_a_missing_resource_says_message_with_a_capital(client):
    text = "Function not found: arn:aws:lambda:us-east-1:123456789012:function:ghost"
    assert error_of(client.get_function, FunctionName="ghost") == (
        "ResourceNotFoundException",
        404,
        {"Type": "User", "Message": text},
    )


def test_an_invalid_parameter_says_message_without(client):
    code, status, extra = error_of(client.delete_function, FunctionName="hello", Qualifier="$LATEST")
    assert (code, status, extra["Type"]) == ("InvalidParameterValueException", 400, "User")
    assert extra["message"] == "$LATEST version cannot be deleted without deleting the function."


def test_a_broken_constraint_carries_no_type(client):
    code, status, extra = error_of(client.get_alias, FunctionName="hello", Name="1")
    assert (code, status) == ("ValidationException", 400)
    assert "Type" not in extra


def test_timestamps_arrive_as_timestamps(client):
    put = client.put_function_event_invoke_config(FunctionName="hello", MaximumRetryAttempts=1)
    assert isinstance(put["LastModified"], datetime)


def test_numbers_in_the_query_page_the_listing(client):
    client.publish_version(FunctionName="hello")
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName="hello", PaginationConfig={"PageSize": 1})
    assert [version["Version"] for page in pages for version in page["Versions"]] == ["$LATEST", "1"]


@pytest.mark.parametrize(
    ("call", "params", "status"),
    [
        ("publish_version", {}, 201),
        ("get_function_concurrency", {}, 200),
        ("delete_function_concurrency", {}, 204),
        ("put_provisioned_concurrency_config", {"Qualifier": "1", "ProvisionedConcurrentExecutions": 1}, 202),
        ("delete_provisioned_concurrency_config", {"Qualifier": "1"}, 204),
    ],
)
def test_the_status_is_that_of_the_operation(client, call, params, status):
    answer = getattr(client, call)(FunctionName="hello", **params)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
