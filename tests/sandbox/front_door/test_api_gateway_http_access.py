"""Authorizers of HTTP APIs: signatures, JWTs, functions. Answers as the API Gateway guide words them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

ECHO = "return {'statusCode': 200, 'body': json.dumps(event)}"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}, private=True, auto_kid=False)


def message(answer: Any) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["message"]


# -- IAM


def test_a_signed_request_needs_the_right_to_invoke_the_method(gateway: Any, signed: Callable[..., dict[str, str]]) -> None:
    api = gateway.http_api({})
    api.route("GET /items/{id}", gateway.function(ECHO), AuthorizationType="AWS_IAM")
    iam = gateway.account.client("iam")
    iam.create_user(UserName="ann")
    keys = iam.create_access_key(UserName="ann")["AccessKey"]
    url = api.endpoint + "/items/1"

    def call() -> Any:
        return api.call("/items/1", "GET", signed(url, keys["AccessKeyId"], keys["SecretAccessKey"]))

    assert message(api.call("/items/1")) == (403, "Forbidden")
    assert message(call()) == (403, "Forbidden")
    arn = f"arn:aws:execute-api:us-east-1:{gateway.account.account_id}:{api.api_id}/$default/GET/items/*"
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}}
    iam.put_user_policy(UserName="ann", PolicyName="call", PolicyDocument=json.dumps(policy))
    answer = call()
    assert answer.status == 200
    who = json.loads(answer.body)["requestContext"]["authorizer"]["iam"]
    assert who["userArn"] == f"arn:aws:iam::{gateway.account.account_id}:user/ann"
    assert who["accessKey"] == keys["AccessKeyId"]
    wrong = signed(url, keys["AccessKeyId"], "x" * 40)
    assert message(api.call("/items/1", "GET", wrong)) == (403, "Forbidden")


# -- JWT


@pytest.fixture(name="issuer")
def issuer_in_the_account(gateway: Any) -> str:
    """A function behind an API that serves discovery document and keys."""
    keys = json.dumps({"keys": [KEY.as_dict(private=False)]})
    body = (
        "at = 'https://' + event['requestContext']['domainName']\n"
        "if event['rawPath'] == '/.well-known/openid-configuration':\n"
        "    return {'issuer': at, 'jwks_uri': at + '/keys'}\n"
        f"return json.loads({keys!r})"
    )
    return str(gateway.http_api({"$default": gateway.function(body)}).endpoint)


def token(issuer: str, now: float, **claims: Any) -> str:
    standard = {"iss": issuer, "aud": "shop", "iat": int(now) - 1, "exp": int(now) + 3600, "sub": "ann"}
    return str(jwt.encode({"alg": "RS256", "kid": "k1"}, standard | claims, KEY))


def jwt_api(gateway: Any, issuer: str, scopes: list[str]) -> Any:
    api = gateway.http_api({})
    authorizer = api.client.create_authorizer(
        ApiId=api.api_id,
        AuthorizerType="JWT",
        Name="tokens",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": issuer, "Audience": ["shop"]},
    )["AuthorizerId"]
    api.route("GET /", gateway.function(ECHO), AuthorizationType="JWT", AuthorizerId=authorizer, AuthorizationScopes=scopes)
    return api


def test_a_valid_token_gives_its_claims_to_the_function(gateway: Any, issuer: str) -> None:
    api = jwt_api(gateway, issuer, ["read"])
    now = gateway.account.account.clock.now()
    bearer = {"Authorization": "Bearer " + token(issuer, now, scope="read write", roles=["a", "b"])}
    given = api.event("/", "GET", bearer)["requestContext"]["authorizer"]["jwt"]
    assert given["claims"]["sub"] == "ann"
    assert given["claims"]["roles"] == "[a b]"
    assert given["scopes"] == ["read", "write"]


def test_tokens_that_do_not_hold_are_unauthorized(gateway: Any, issuer: str) -> None:
    api = jwt_api(gateway, issuer, [])
    now = gateway.account.account.clock.now()
    other = RSAKey.generate_key(2048, {"kid": "k1"}, private=True, auto_kid=False)
    forged = jwt.encode({"alg": "RS256", "kid": "k1"}, {"iss": issuer, "aud": "shop", "exp": int(now) + 9}, other)
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ."
    bad = [
        token(issuer, now, exp=int(now) - 1),
        token(issuer, now, aud="other"),
        token(issuer, now, iss="https://other.example"),
        token(issuer, now, nbf=int(now) + 60),
        str(forged),
        unsigned,
        "no token",
    ]
    for text in bad:
        answer = api.call("/", "GET", {"Authorization": f"Bearer {text}"})
        assert message(answer) == (401, "Unauthorized"), text
        assert 'error="invalid_token"' in answer.header("www-authenticate")
    bare = api.call("/")
    assert (message(bare), bare.header("www-authenticate")) == ((401, "Unauthorized"), "Bearer")


def test_a_token_without_the_scope_is_forbidden(gateway: Any, issuer: str) -> None:
    api = jwt_api(gateway, issuer, ["admin"])
    now = gateway.account.account.clock.now()
    answer = api.call("/", "GET", {"Authorization": "Bearer " + token(issuer, now, scope="read")})
    assert message(answer) == (403, "Forbidden")
    assert 'error="insufficient_scope"' in answer.header("www-authenticate")


def test_a_token_expires_by_the_account_s_clock(gateway: Any, issuer: str) -> None:
    api = jwt_api(gateway, issuer, [])
    bearer = {"Authorization": "Bearer " + token(issuer, gateway.account.account.clock.now())}
    assert api.call("/", "GET", bearer).status == 200
    gateway.account.control.advance(3700)
    assert api.call("/", "GET", bearer).status == 401


def test_the_access_log_says_who_came_in_and_why_somebody_did_not(gateway: Any, issuer: str) -> None:
    """Guide, "Customize HTTP API access logs": ``authorizer.claims.property``, ``authorizer.error``."""
    api, logs = jwt_api(gateway, issuer, []), gateway.account.client("logs")
    logs.create_log_group(logGroupName="access")
    arn = f"arn:aws:logs:us-east-1:{gateway.account.account_id}:log-group:access"
    line = "$context.status $context.authorizer.claims.sub $context.authorizer.error"
    api.client.update_stage(ApiId=api.api_id, StageName="$default", AccessLogSettings={"DestinationArn": arn, "Format": line})
    now = gateway.account.account.clock.now()
    for text in (token(issuer, now), token(issuer, now, aud="other")):
        api.call("/", "GET", {"Authorization": f"Bearer {text}"})
    lines = [row["message"] for row in logs.filter_log_events(logGroupName="access")["events"]]
    assert lines == ["200 ann -", "401 - the token does not have a valid audience"]


def test_an_issuer_nobody_serves_authorizes_nobody(gateway: Any) -> None:
    api = jwt_api(gateway, "https://abcdefghij.execute-api.us-east-1.amazonaws.com", [])
    now = gateway.account.account.clock.now()
    bearer = {"Authorization": "Bearer " + token("https://abcdefghij.execute-api.us-east-1.amazonaws.com", now)}
    assert message(api.call("/", "GET", bearer)) == (401, "Unauthorized")


# -- functions


def function_api(gateway: Any, body: str, ttl: int = 0, **more: Any) -> Any:
    api = gateway.http_api({})
    authorizer = api.client.create_authorizer(
        ApiId=api.api_id,
        **{
            "AuthorizerType": "REQUEST",
            "Name": "door",
            "AuthorizerUri": invoke_uri(gateway.function(body)),
            "AuthorizerPayloadFormatVersion": "2.0",
            "EnableSimpleResponses": True,
            "IdentitySource": ["$request.header.x-token"],
            "AuthorizerResultTtlInSeconds": ttl,
        }
        | more,
    )["AuthorizerId"]
    for key in ("GET /a", "GET /b"):
        api.route(key, gateway.function(ECHO), AuthorizationType="CUSTOM", AuthorizerId=authorizer)
    return api


def invoke_uri(function: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"


SIMPLE = "return {'isAuthorized': event['headers']['x-token'] == 'yes', 'context': {'asked': event['identitySource'], 'n': 1}}"


def test_a_simple_answer_lets_in_or_not_and_gives_context(gateway: Any) -> None:
    api = function_api(gateway, SIMPLE)
    given = api.event("/a", "GET", {"x-token": "yes"})["requestContext"]["authorizer"]
    assert given == {"lambda": {"asked": ["yes"], "n": 1}}
    assert message(api.call("/a", "GET", {"x-token": "no"})) == (403, "Forbidden")
    assert message(api.call("/a")) == (401, "Unauthorized")


def test_an_authorizer_that_fails_is_our_error_not_the_caller_s(gateway: Any) -> None:
    for body in ("1/0", "return {'nonsense': 1}", "return 'yes'"):
        api = function_api(gateway, body)
        assert message(api.call("/a", "GET", {"x-token": "yes"})) == (500, "Internal Server Error")


def test_a_policy_answer_decides_for_each_route(gateway: Any) -> None:
    body = (
        "arn = event['routeArn'].rsplit('/', 1)[0] + '/a'\n"
        "statement = {'Effect': 'Allow', 'Action': 'execute-api:Invoke', 'Resource': arn}\n"
        "policy = {'Version': '2012-10-17', 'Statement': [statement]}\n"
        "return {'principalId': 'ann', 'policyDocument': policy, 'context': {'k': 'v'}}"
    )
    api = function_api(gateway, body, ttl=300, EnableSimpleResponses=False)
    assert api.event("/a", "GET", {"x-token": "t"})["requestContext"]["authorizer"] == {"lambda": {"k": "v"}}
    assert message(api.call("/b", "GET", {"x-token": "t"})) == (403, "Forbidden")


def test_an_answer_is_kept_for_its_time_by_identity(gateway: Any) -> None:
    body = "print('asked')\nreturn {'isAuthorized': True}"
    api = function_api(gateway, body, ttl=300)

    def asked() -> int:
        core = gateway.account.account
        return sum(row.kind == "invoke" and "behind-0" in row.title for row in core.timeline)

    for _ in range(3):
        assert api.call("/a", "GET", {"x-token": "one"}).status == 200
    assert asked() == 1
    api.call("/a", "GET", {"x-token": "two"})
    assert asked() == 2
    gateway.account.control.advance(301)
    api.call("/a", "GET", {"x-token": "one"})
    assert asked() == 3


def test_format_1_asks_with_the_method_s_arn_and_gives_a_flat_context(gateway: Any) -> None:
    body = (
        "statement = {'Effect': 'Allow', 'Action': 'execute-api:Invoke', 'Resource': event['methodArn']}\n"
        "return {'principalId': event['authorizationToken'], 'policyDocument': {'Statement': [statement]}, 'context': {'k': 'v'}}"
    )
    api = function_api(gateway, body, AuthorizerPayloadFormatVersion="1.0", EnableSimpleResponses=False)
    assert api.call("/a", "GET", {"x-token": "t"}).status == 200
