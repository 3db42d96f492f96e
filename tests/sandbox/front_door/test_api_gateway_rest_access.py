"""Who may use a REST API's methods: signatures, resource policies, authorizer functions, API keys and usage plans."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

ECHO = "return {'statusCode': 200, 'body': json.dumps(event)}"
ALLOW = (
    "effect = {'yes': 'Allow', 'no': 'Deny'}.get(token)\n"
    "if token == '401': raise Exception('Unauthorized')\n"
    "statement = {'Action': 'execute-api:Invoke', 'Effect': effect, 'Resource': event['methodArn']}\n"
    "policy = {'Version': '2012-10-17', 'Statement': [statement]}\n"
    "return {'principalId': 'ann', 'policyDocument': policy, 'context': {'n': 1, 's': 'x', 'b': True}}"
)
TOKEN = "token = event['authorizationToken']\n" + ALLOW
REQUEST = "token = event['headers'].get('x-token') or event['queryStringParameters']['token']\n" + ALLOW


def said(answer: Any) -> tuple[int, Any]:
    return answer.status, json.loads(answer.body).get("message")


def authorizer(rest: Any, function: str, kind: str = "TOKEN", source: str = "method.request.header.x-token", **more: Any) -> str:
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    made = rest.client.create_authorizer(
        restApiId=rest.api_id, name="door", type=kind, authorizerUri=uri, identitySource=source, **more
    )
    return str(made["id"])


# -- IAM and resource policies


def test_iam_needs_a_signature_and_a_policy(gateway: Any, rest: Any, signed: Callable[..., dict[str, str]]) -> None:
    rest.method("GET", "/items/{id}", gateway.function(ECHO), authorizationType="AWS_IAM")
    rest.deploy()
    assert said(rest.call("/items/1")) == (403, "Missing Authentication Token")
    iam = gateway.account.client("iam")
    iam.create_user(UserName="ann")
    keys = iam.create_access_key(UserName="ann")["AccessKey"]
    url = f"https://{rest.api_id}.execute-api.us-east-1.amazonaws.com/dev/items/1"

    def call(secret: str = keys["SecretAccessKey"]) -> Any:
        return rest.call("/items/1", "GET", signed(url, keys["AccessKeyId"], secret))

    account = gateway.account.account_id
    refused = call()
    assert refused.status == 403
    arn = f"arn:aws:execute-api:us-east-1:********{account[-4:]}:{rest.api_id}/dev/GET/items/1"
    user = f"arn:aws:iam::{account}:user/ann"
    message = f"User: {user} is not authorized to perform: execute-api:Invoke on resource: {arn}"
    assert json.loads(refused.body) == {"Message": message}
    assert refused.header("x-amzn-errortype") == "AccessDeniedException"
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": f"arn:aws:execute-api:*:*:{rest.api_id}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": allow})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    answer = call()
    assert answer.status == 200
    assert json.loads(answer.body)["requestContext"]["identity"]["userArn"] == user
    assert call("x" * 40).header("x-amzn-errortype") == "InvalidSignatureException"


def test_a_resource_policy_decides_over_anonymous_callers(gateway: Any, rest: Any) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/dev/GET/a",
        },
    }
    for path in ("/a", "/b"):
        rest.method("GET", path, gateway.function(ECHO))
    rest.client.update_rest_api(
        restApiId=rest.api_id, patchOperations=[{"op": "replace", "path": "/policy", "value": json.dumps(policy)}]
    )
    assert rest.call("/b").status == 403  # nothing is deployed yet
    rest.deploy()
    assert rest.call("/a").status == 200
    refused = rest.call("/b")
    assert refused.status == 403
    assert json.loads(refused.body)["Message"].startswith("User: anonymous is not authorized to perform: execute-api:Invoke")


# -- authorizer functions


def test_a_token_authorizer_lets_in_denies_and_refuses(gateway: Any, rest: Any) -> None:
    door = authorizer(rest, gateway.function(TOKEN), authorizerResultTtlInSeconds=0)
    rest.method("GET", "/a", gateway.function(ECHO), authorizationType="CUSTOM", authorizerId=door)
    rest.deploy()
    given = rest.event("/a", "GET", {"x-token": "yes"})["requestContext"]["authorizer"]
    assert given.pop("integrationLatency") >= 0
    assert given == {"principalId": "ann", "n": "1", "s": "x", "b": "true"}
    assert said(rest.call("/a")) == (401, "Unauthorized")
    denied = "User is not authorized to access this resource with an explicit deny"
    assert said(rest.call("/a", "GET", {"x-token": "no"})) == (403, denied)
    assert said(rest.call("/a", "GET", {"x-token": "401"})) == (401, "Unauthorized")
    broken = rest.call("/a", "GET", {"x-token": "other"})
    assert (said(broken), broken.header("x-amzn-errortype")) == ((500, None), "AuthorizerConfigurationException")


def test_a_token_that_does_not_fit_the_expression_never_reaches_the_function(gateway: Any, rest: Any) -> None:
    door = authorizer(rest, gateway.function(TOKEN), identityValidationExpression="y.*")
    rest.method("GET", "/a", gateway.function(ECHO), authorizationType="CUSTOM", authorizerId=door)
    rest.deploy()
    assert rest.call("/a", "GET", {"x-token": "yes"}).status == 200
    assert said(rest.call("/a", "GET", {"x-token": "no"})) == (401, "Unauthorized")


def test_a_request_authorizer_sees_the_request_and_is_asked_once_in_its_time(gateway: Any, rest: Any) -> None:
    source = "method.request.querystring.token"
    door = authorizer(rest, gateway.function(REQUEST), "REQUEST", source, authorizerResultTtlInSeconds=60)
    rest.method("GET", "/a", gateway.function(ECHO), authorizationType="CUSTOM", authorizerId=door)
    rest.deploy()
    assert said(rest.call("/a")) == (401, "Unauthorized")
    for _ in range(2):
        assert rest.call("/a?token=yes").status == 200

    def asked() -> int:
        return sum(row.kind == "invoke" and "behind-0" in row.title for row in gateway.account.account.timeline)

    assert asked() == 1
    gateway.account.control.advance(61)
    assert rest.call("/a?token=yes").status == 200
    assert asked() == 2


# -- API keys


def plan(rest: Any, **limits: Any) -> str:
    """A key's value, planned for the stage."""
    key = rest.client.create_api_key(name="k", enabled=True, value="k" * 24)
    stages = [{"apiId": rest.api_id, "stage": "dev"}]
    made = rest.client.create_usage_plan(name="p", apiStages=stages, **limits)
    rest.client.create_usage_plan_key(usagePlanId=made["id"], keyId=key["id"], keyType="API_KEY")
    return str(key["value"])


def test_a_method_that_needs_a_key_takes_planned_and_enabled_ones_only(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function(ECHO), apiKeyRequired=True)
    rest.deploy()
    assert said(rest.call("/a")) == (403, "Forbidden")
    unplanned = rest.client.create_api_key(name="other", enabled=True)["value"]
    assert said(rest.call("/a", "GET", {"x-api-key": unplanned})) == (403, "Forbidden")
    key = plan(rest)
    assert rest.call("/a", "GET", {"x-api-key": key}).status == 200
    key_id = next(row["id"] for row in rest.client.get_api_keys()["items"] if row["name"] == "k")
    rest.client.update_api_key(apiKey=key_id, patchOperations=[{"op": "replace", "path": "/enabled", "value": "false"}])
    assert said(rest.call("/a", "GET", {"x-api-key": key})) == (403, "Forbidden")


def test_a_plan_s_quota_ends_and_comes_back_the_next_day(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function(ECHO), apiKeyRequired=True)
    rest.deploy()
    key = {"x-api-key": plan(rest, quota={"limit": 2, "period": "DAY"})}
    assert [rest.call("/a", "GET", key).status for _ in range(2)] == [200, 200]
    answer = rest.call("/a", "GET", key)
    assert said(answer) == (429, "Limit Exceeded")
    assert answer.header("x-amzn-errortype") == "LimitExceededException"
    gateway.account.control.advance(86_400)
    assert rest.call("/a", "GET", key).status == 200


def test_a_plan_s_rate_is_too_many_requests(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function(ECHO), apiKeyRequired=True)
    rest.deploy()
    key = {"x-api-key": plan(rest, throttle={"rateLimit": 1, "burstLimit": 1})}
    assert rest.call("/a", "GET", key).status == 200
    assert said(rest.call("/a", "GET", key)) == (429, "Too Many Requests")


def test_an_authorizer_that_cannot_be_asked_says_so(gateway: Any, rest: Any) -> None:
    rest.method("GET", "/a", gateway.function(ECHO), authorizationType="COGNITO_USER_POOLS", authorizerId="none")
    rest.deploy()
    answer = rest.call("/a")
    assert answer.status == 501
    assert "COGNITO_USER_POOLS" in json.loads(answer.body)["message"]
