"""Who may call a Function URL. Source: Lambda developer guide, "Control access to Lambda function URLs" (two permissions since
October 2025, fact A-01) and "CORS"; recorded bodies from localstack's TestLambdaURL."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FORBIDDEN = {
    "Message": "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
}


def signed(url: str, keys: Any, method: str = "GET", service: str = "lambda", region: str = "us-east-1") -> dict[str, str]:
    request = AWSRequest(method, url, headers={"Host": urlsplit(url).netloc})
    SigV4Auth(Credentials(*keys), service, region).add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}


def learner(url: Any) -> tuple[str, str]:
    credential = url.account.account.learner
    return credential.access_key_id, credential.secret_access_key


def is_forbidden(answer: Any) -> bool:
    return (answer.status, json.loads(answer.body), answer.header("x-amzn-errortype")) == (
        403,
        FORBIDDEN,
        "AccessDeniedException",
    )


def test_an_unknown_url_is_forbidden_with_a_null_message(deploy: Callable[..., Any]) -> None:
    """localstack/localstack test_lambda_url_non_existing_url."""
    url = deploy()
    answer = url.account.http_call("https://0123456789abcdefghijklmnopqrstuv.lambda-url.us-east-1.on.aws/")
    assert (answer.status, answer.body) == (403, b'{"Message":null}')
    assert answer.header("content-type") == "application/json"
    assert answer.header("x-amzn-errortype") == "AccessDeniedException"


def test_the_right_url_in_another_region_does_not_exist(deploy: Callable[..., Any]) -> None:
    url = deploy()
    answer = url.account.http_call(url.address.replace("us-east-1", "eu-west-1"))
    assert answer.body == b'{"Message":null}'


@pytest.mark.parametrize(("first", "second"), [(False, False), (True, False), (False, True)])
def test_auth_none_needs_both_permissions(deploy: Callable[..., Any], first: bool, second: bool) -> None:
    url = deploy(permit=False)
    url.permit(url=first, function=second)
    assert is_forbidden(url.call())


def test_auth_none_with_both_permissions_is_open(deploy: Callable[..., Any]) -> None:
    assert deploy().call().status == 200


def test_auth_none_does_not_look_at_an_authorization_header(deploy: Callable[..., Any]) -> None:
    event = deploy().event("", "GET", {"Authorization": "Bearer for-the-function"})
    assert event["headers"]["authorization"] == "Bearer for-the-function"


def test_auth_iam_refuses_an_unsigned_call(deploy: Callable[..., Any]) -> None:
    assert is_forbidden(deploy(auth="AWS_IAM").call())


def test_auth_iam_lets_a_caller_of_the_account_in_by_identity_policy(deploy: Callable[..., Any]) -> None:
    url = deploy(auth="AWS_IAM")
    event = url.event("x", "GET", signed(url.address + "x", learner(url)))
    assert event["requestContext"]["accountId"] == "123456789012"
    iam = event["requestContext"]["authorizer"]["iam"]
    assert iam["accessKey"] == learner(url)[0]
    assert iam["accountId"] == "123456789012"
    assert iam["userArn"] == "arn:aws:iam::123456789012:user/learner"
    assert iam["callerId"] == iam["userId"]
    assert (iam["cognitoIdentity"], iam["principalOrgId"]) == (None, None)
    assert "authorization" not in event["headers"]


def user(url: Any, *actions: str) -> tuple[str, str]:
    iam = url.account.client("iam")
    name = f"caller-{len(actions)}-{url.name}"
    iam.create_user(UserName=name)
    if actions:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def test_auth_iam_needs_both_actions(deploy: Callable[..., Any]) -> None:
    url = deploy(auth="AWS_IAM")
    assert is_forbidden(url.call("", "GET", signed(url.address, user(url, "lambda:InvokeFunctionUrl"))))
    both = user(url, "lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
    assert url.call("", "GET", signed(url.address, both)).status == 200


def test_auth_iam_lets_in_whom_the_functions_policy_names(deploy: Callable[..., Any]) -> None:
    url = deploy(auth="AWS_IAM")
    keys = user(url)
    assert is_forbidden(url.call("", "GET", signed(url.address, keys)))
    url.permit("AWS_IAM", f"arn:aws:iam::123456789012:user/caller-0-{url.name}")
    assert url.call("", "GET", signed(url.address, keys)).status == 200


@pytest.mark.parametrize("change", [{"service": "execute-api"}, {"region": "eu-west-1"}])
def test_auth_iam_wants_the_scope_of_lambda_in_its_region(deploy: Callable[..., Any], change: dict[str, str]) -> None:
    url = deploy(auth="AWS_IAM")
    answer = url.call("", "GET", signed(url.address, learner(url), **change))
    assert (answer.status, answer.header("x-amzn-errortype")) == (403, "InvalidSignatureException")


def test_auth_iam_says_that_a_signature_does_not_match(deploy: Callable[..., Any]) -> None:
    url = deploy(auth="AWS_IAM")
    answer = url.call("other", "GET", signed(url.address, learner(url)))
    assert (answer.status, answer.header("x-amzn-errortype")) == (403, "InvalidSignatureException")
    assert json.loads(answer.body)["message"].startswith("The request signature we calculated does not match")


CORS = {
    "AllowOrigins": ["https://good.example"],
    "AllowMethods": ["GET", "POST"],
    "AllowHeaders": ["x-one", "x-two"],
    "ExposeHeaders": ["x-seen"],
    "MaxAge": 600,
}
PREFLIGHT = {"Origin": "https://good.example", "Access-Control-Request-Method": "POST"}


def test_a_preflight_is_answered_from_the_configuration_without_the_function(deploy: Callable[..., Any]) -> None:
    url = deploy("raise RuntimeError('not to be called')", auth="AWS_IAM", Cors=CORS)
    answer = url.call("", "OPTIONS", PREFLIGHT)
    assert answer.status == 200
    assert answer.header("access-control-allow-origin") == "https://good.example"
    assert answer.header("access-control-allow-methods") == "GET,POST"
    assert answer.header("access-control-allow-headers") == "x-one,x-two"
    assert answer.header("access-control-max-age") == "600"


def test_a_preflight_of_another_origin_grants_nothing(deploy: Callable[..., Any]) -> None:
    answer = deploy(Cors=CORS).call("", "OPTIONS", {**PREFLIGHT, "Origin": "https://bad.example"})
    assert not any(name.lower().startswith("access-control") for name, _ in answer.headers)


def test_an_actual_request_gets_its_headers_and_the_configuration_wins(deploy: Callable[..., Any]) -> None:
    body = "return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': '*', 'x-seen': '1'}, 'body': ''}"
    answer = deploy(body, Cors=CORS).call("", "GET", {"Origin": "https://good.example"})
    assert [value for name, value in answer.headers if name.lower() == "access-control-allow-origin"] == ["https://good.example"]
    assert answer.header("access-control-expose-headers") == "x-seen"
    assert answer.header("vary") == "Origin"


def test_errors_carry_the_cors_headers_too(deploy: Callable[..., Any]) -> None:
    url = deploy("raise ValueError", Cors={"AllowOrigins": ["*"]})
    assert url.call("", "GET", {"Origin": "https://any.example"}).header("access-control-allow-origin") == "*"


def test_credentials_need_a_named_origin(deploy: Callable[..., Any]) -> None:
    url = deploy("return 1", Cors={"AllowOrigins": ["https://*.example"], "AllowCredentials": True})
    answer = url.call("", "GET", {"Origin": "https://a.example"})
    assert answer.header("access-control-allow-origin") == "https://a.example"
    assert answer.header("access-control-allow-credentials") == "true"


def test_without_a_configuration_a_preflight_reaches_the_function(deploy: Callable[..., Any]) -> None:
    event = deploy().event("", "OPTIONS", PREFLIGHT)
    assert event["requestContext"]["http"]["method"] == "OPTIONS"
