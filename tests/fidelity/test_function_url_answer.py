"""Response inference of Function URLs. Source: Lambda developer guide, "Response payload format"; localstack's recorded answers
(tests/aws/services/lambda_/test_lambda.py: TestLambdaURL)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("returned", "body"),
    [
        ("'hello'", b"hello"),
        ("{'a': 1, 'b': [1, 2]}", b'{"a":1,"b":[1,2]}'),
        ("[1, 2]", b"[1,2]"),
        ("3", b"3"),
        ("True", b"true"),
        ("None", b"null"),
        ("{'body': 'x'}", b'{"body":"x"}'),
    ],
)
def test_a_result_without_status_code_is_200_json(deploy: Callable[..., Any], returned: str, body: bytes) -> None:
    answer = deploy(f"return {returned}").call()
    assert (answer.status, answer.header("content-type"), answer.body) == (200, "application/json", body)


def test_status_headers_and_body_are_taken_from_the_result(deploy: Callable[..., Any]) -> None:
    answer = deploy(
        "return {'statusCode': 201, 'body': 'made',\n"
        "        'headers': {'Content-Type': 'text/plain', 'My-Custom-Header': 'Custom Value'}}"
    ).call()
    assert (answer.status, answer.body) == (201, b"made")
    assert answer.header("content-type") == "text/plain"
    assert answer.header("my-custom-header") == "Custom Value"


def test_a_status_code_may_be_a_numeric_string(deploy: Callable[..., Any]) -> None:
    answer = deploy("return {'statusCode': '418', 'body': \"i'm a teapot\"}").call()
    assert (answer.status, answer.body) == (418, b"i'm a teapot")
    assert answer.header("content-type") == "application/json"


def test_cookies_become_set_cookie_headers(deploy: Callable[..., Any]) -> None:
    answer = deploy("return {'statusCode': 204, 'cookies': ['a=1; Secure', 'b=2']}").call()
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1; Secure", "b=2"]


def test_a_base64_body_is_decoded(deploy: Callable[..., Any]) -> None:
    encoded = base64.b64encode(b"\x89PNG").decode()
    answer = deploy(f"return {{'statusCode': 200, 'body': '{encoded}', 'isBase64Encoded': True}}").call()
    assert answer.body == b"\x89PNG"


@pytest.mark.parametrize(
    "returned",
    [
        "{'statusCode': 'abc'}",
        "{'statusCode': 99}",
        "{'statusCode': 600}",
        "{'statusCode': 200, 'headers': 'x'}",
        "{'statusCode': 200, 'headers': {'X': ['a']}}",
        "{'statusCode': 200, 'headers': {'X': 'a\\r\\nSet-Cookie: evil=1'}}",
        "{'statusCode': 200, 'headers': {'Bad Name': 'a'}}",
        "{'statusCode': 200, 'cookies': 'a=1'}",
        "{'statusCode': 200, 'body': '%%', 'isBase64Encoded': True}",
        "{'statusCode': 200, 'body': {'a': 1}}",
    ],
)
def test_a_malformed_result_is_a_bad_gateway(deploy: Callable[..., Any], returned: str) -> None:
    answer = deploy(f"return {returned}").call()
    assert (answer.status, answer.body) == (502, b"Internal Server Error")


@pytest.mark.parametrize("body", ["raise ValueError('x')", "sys.exit(1)", "return {1, 2}"])
def test_a_failing_function_is_a_bad_gateway(deploy: Callable[..., Any], body: str) -> None:
    """localstack/localstack test_lambda_url_invocation_exception: 502 and the text, whatever the error was."""
    answer = deploy(body).call()
    assert (answer.status, answer.body) == (502, b"Internal Server Error")


def test_a_throttled_call_is_a_429_with_the_reason(deploy: Callable[..., Any]) -> None:
    url = deploy("return 1")
    url.lambda_client.put_function_concurrency(FunctionName=url.name, ReservedConcurrentExecutions=0)
    answer = url.call()
    assert answer.status == 429
    assert json.loads(answer.body)["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_a_request_over_six_megabytes_is_a_413(deploy: Callable[..., Any]) -> None:
    answer = deploy("return 1").call("", "POST", {"Content-Type": "text/plain"}, b"x" * (6 * 1024 * 1024 + 1))
    assert answer.status == 413


def test_every_answer_names_its_request_and_trace(deploy: Callable[..., Any]) -> None:
    url = deploy("return context.aws_request_id")
    answer = url.call()
    assert answer.header("x-amzn-requestid") == answer.body.decode()
    assert answer.header("x-amzn-trace-id").startswith("Root=1-")


def test_a_response_stream_url_sends_what_the_python_runtime_gives_it(deploy: Callable[..., Any]) -> None:
    """localstack/localstack test_lambda_url_echo_invoke[RESPONSE_STREAM]: without streaming the raw result is the body."""
    answer = deploy("return {'statusCode': 201, 'body': 'x'}", InvokeMode="RESPONSE_STREAM").call()
    assert (answer.status, answer.header("content-type")) == (200, "application/octet-stream")
    assert json.loads(answer.body) == {"statusCode": 201, "body": "x"}


def test_a_failing_function_behind_a_response_stream_url_is_a_bad_gateway(deploy: Callable[..., Any]) -> None:
    answer = deploy("raise ValueError('x')", InvokeMode="RESPONSE_STREAM").call()
    assert (answer.status, answer.body) == (502, b"Internal Server Error")
