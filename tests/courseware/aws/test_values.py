"""Names and documents inside a request are changed, what goes through the lab's resources is not."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from courseware.aws.names import Names
from courseware.aws.values import changed, every_text

NAMES = Names("P--", ["teapot", "orders"])


def out(service: str, operation: str, params: dict[str, Any]) -> Any:
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    return changed(params, model.input_shape, NAMES.outward)


def test_a_functions_environment_holds_names_its_handler_does_not() -> None:
    given = {"FunctionName": "teapot", "Handler": "orders.handler", "Environment": {"Variables": {"Key": "orders"}}}
    assert out("lambda", "CreateFunction", given) == {
        "FunctionName": "P--teapot",
        "Handler": "orders.handler",
        "Environment": {"Variables": {"Key": "P--orders"}},
    }


@pytest.mark.parametrize(
    ("service", "operation", "params", "names"),
    [
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": "orders", "MessageBody": "orders"},
            {"QueueUrl": "P--orders", "MessageBody": "orders"},
        ),
        ("sns", "Publish", {"TopicArn": "x:orders", "Message": "orders"}, {"TopicArn": "x:P--orders", "Message": "orders"}),
        ("s3", "PutObject", {"Bucket": "orders", "Key": "orders"}, {"Bucket": "P--orders", "Key": "orders"}),
        ("lambda", "Invoke", {"FunctionName": "teapot", "Payload": "teapot"}, {"FunctionName": "P--teapot", "Payload": "teapot"}),
        (
            "dynamodb",
            "PutItem",
            {"TableName": "orders", "Item": {"orders": {"S": "orders"}}},
            {"TableName": "P--orders", "Item": {"orders": {"S": "orders"}}},
        ),
        (
            "dynamodb",
            "BatchWriteItem",
            {"RequestItems": {"orders": [{"PutRequest": {"Item": {"id": {"S": "orders"}}}}]}},
            {"RequestItems": {"P--orders": [{"PutRequest": {"Item": {"id": {"S": "orders"}}}}]}},
        ),
        (
            "s3",
            "CopyObject",
            {"Bucket": "orders", "CopySource": {"Bucket": "orders", "Key": "orders"}},
            {"Bucket": "P--orders", "CopySource": {"Bucket": "P--orders", "Key": "orders"}},
        ),
    ],
)
def test_data_passes_untouched(service: str, operation: str, params: dict[str, Any], names: dict[str, Any]) -> None:
    assert out(service, operation, params) == names


def test_the_callers_own_parameters_are_not_written_to() -> None:
    given = {"FunctionName": "teapot", "Code": {"ZipFile": b"teapot"}}
    assert out("lambda", "CreateFunction", given) == {"FunctionName": "P--teapot", "Code": {"ZipFile": b"teapot"}}
    assert given["FunctionName"] == "teapot"


def test_an_answer_shows_the_labs_names_everywhere_but_in_addresses() -> None:
    answer = {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/P--orders",
        "Location": "https://bucket.s3.amazonaws.com/P--teapot?X-Amz-Signature=1",
        "Responses": {"P--orders": [{"arn": "arn:aws:lambda:::function:P--teapot", "n": 1}]},
    }
    assert every_text(answer, NAMES.inward) == {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/orders",
        "Location": "https://bucket.s3.amazonaws.com/P--teapot?X-Amz-Signature=1",
        "Responses": {"orders": [{"arn": "arn:aws:lambda:::function:teapot", "n": 1}]},
    }
