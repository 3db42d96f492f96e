"""The event of a Function URL. Source: Lambda developer guide, "Invoking Lambda function URLs" (payload format 2.0)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest


def test_the_event_has_exactly_the_fields_of_payload_2_0(deploy: Callable[..., Any]) -> None:
    url = deploy()
    event = url.event("my/path?parameter1=value1&parameter1=value2&parameter2=value", "POST", {"User-Agent": "agent/1"}, b"hi")
    url_id = url.address.split("//")[1].split(".")[0]
    assert set(event) == {
        "version", "routeKey", "rawPath", "rawQueryString", "headers", "queryStringParameters", "requestContext", "body",
        "isBase64Encoded",
    }  # fmt: skip
    assert (event["version"], event["routeKey"]) == ("2.0", "$default")
    assert event["rawPath"] == "/my/path"
    assert event["rawQueryString"] == "parameter1=value1&parameter1=value2&parameter2=value"
    assert event["queryStringParameters"] == {"parameter1": "value1,value2", "parameter2": "value"}
    context = event["requestContext"]
    assert context.pop("requestId")
    assert context.pop("time").endswith(" +0000")
    assert context.pop("timeEpoch") > 1_700_000_000_000
    assert context == {
        "accountId": "anonymous",
        "apiId": url_id,
        "domainName": f"{url_id}.lambda-url.us-east-1.on.aws",
        "domainPrefix": url_id,
        "http": {
            "method": "POST",
            "path": "/my/path",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "agent/1",
        },
        "routeKey": "$default",
        "stage": "$default",
    }


def test_a_bare_get_has_no_body_no_query_and_no_cookies(deploy: Callable[..., Any]) -> None:
    event = deploy().event()
    assert event["rawPath"] == "/"
    assert event["rawQueryString"] == ""
    assert event["isBase64Encoded"] is False
    assert not {"body", "queryStringParameters", "cookies"} & set(event)


def test_header_names_are_lower_case_and_the_forwarding_headers_are_there(deploy: Callable[..., Any]) -> None:
    headers = deploy().event("", "GET", {"ExTrA-HeadErs": "With WeiRd CapS"})["headers"]
    assert headers["extra-headers"] == "With WeiRd CapS"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-port"] == "443"
    assert headers["x-amzn-trace-id"].startswith("Root=1-")
    assert all(name == name.lower() for name in headers)


def test_cookies_have_a_list_of_their_own(deploy: Callable[..., Any]) -> None:
    event = deploy().event("", "GET", {"Cookie": "a=1; b=2"})
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_the_path_stays_percent_encoded_and_query_values_are_decoded(deploy: Callable[..., Any]) -> None:
    event = deploy().event("a%20b/%C3%A4?q=x%26y+z&empty=")
    assert event["rawPath"] == "/a%20b/%C3%A4"
    assert event["rawQueryString"] == "q=x%26y+z&empty="
    assert event["queryStringParameters"] == {"q": "x&y z", "empty": ""}


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "application/xml", "application/javascript"])
def test_a_textual_body_arrives_as_it_is(deploy: Callable[..., Any], media_type: str) -> None:
    event = deploy().event("", "POST", {"Content-Type": media_type}, "grüße".encode())
    assert (event["body"], event["isBase64Encoded"]) == ("grüße", False)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/octet-stream"}, b"\x00\xff"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=b"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\n\r\nfield\r\n--x--\r\n"),
        ({"Content-Type": "text/plain", "Content-Encoding": "gzip"}, b"\x1f\x8b"),
        ({"Content-Type": "text/plain"}, b"\xff\xfe not UTF-8"),
        ({}, b"no type"),
    ],
)
def test_every_other_body_is_base64(deploy: Callable[..., Any], headers: dict[str, str], body: bytes) -> None:
    """localstack/localstack test_lambda_url_form_payload (recorded): a multipart body arrives base64-encoded."""
    event = deploy().event("", "POST", headers, body)
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


def test_an_alias_url_runs_the_alias(deploy: Callable[..., Any]) -> None:
    url = deploy("return context.function_version + ' ' + context.invoked_function_arn")
    client = url.lambda_client
    version = client.publish_version(FunctionName=url.name)["Version"]
    client.create_alias(FunctionName=url.name, Name="live", FunctionVersion=version)
    url.address = client.create_function_url_config(FunctionName=url.name, Qualifier="live", AuthType="NONE")["FunctionUrl"]
    for statement, kind in (("u", {"FunctionUrlAuthType": "NONE"}), ("f", {"InvokedViaFunctionUrl": True})):
        action = "lambda:InvokeFunctionUrl" if statement == "u" else "lambda:InvokeFunction"
        client.add_permission(
            FunctionName=url.name, Qualifier="live", StatementId=statement, Action=action, Principal="*", **kind
        )
    assert url.call().body.decode() == f"1 arn:aws:lambda:us-east-1:123456789012:function:{url.name}:live"
    client.delete_function_url_config(FunctionName=url.name, Qualifier="live")
