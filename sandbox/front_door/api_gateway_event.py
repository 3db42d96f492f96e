"""The events API Gateway gives a function: payload format 2.0, and 1.0 as HTTP APIs and REST APIs write it.

API Gateway guide, "AWS Lambda proxy integrations"; REST fields as recorded in localstack/localstack
``tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json``.
"""

from __future__ import annotations

import base64
from typing import Any

from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.event_parts import (
    HOP_BY_HOP,
    body_of,
    cookies_of,
    folded_headers,
    forwarded,
    joined_query,
    query_fields,
    request_time,
)

_TITLES = {
    "x-amzn-trace-id": "X-Amzn-Trace-Id",
    "x-forwarded-for": "X-Forwarded-For",
    "x-forwarded-port": "X-Forwarded-Port",
    "x-forwarded-proto": "X-Forwarded-Proto",
    "host": "Host",
    "user-agent": "User-Agent",
    "accept": "Accept",
    "accept-encoding": "Accept-Encoding",
}


def version_2(visit: Visit) -> dict[str, Any]:
    request = visit.request
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": visit.route_key,
        "rawPath": visit.raw_path,
        "rawQueryString": request.query,
    }
    cookies = cookies_of(request)
    if cookies:
        event["cookies"] = cookies
    event["headers"] = folded_headers(request, visit.trace)
    if request.query:
        event["queryStringParameters"] = joined_query(request.query)
    event["requestContext"] = context_2(visit)
    if visit.path_parameters:
        event["pathParameters"] = visit.path_parameters
    if visit.variables:
        event["stageVariables"] = dict(visit.variables)
    body, encoded = body_of(request)
    if body:
        event["body"] = body
    event["isBase64Encoded"] = encoded
    return event


def context_2(visit: Visit) -> dict[str, Any]:
    request, started = visit.request, visit.passage.started
    context: dict[str, Any] = {"accountId": visit.account_id, "apiId": visit.api_id}
    if visit.authorizer:
        context["authorizer"] = visit.authorizer
    return context | {
        "domainName": visit.domain,
        "domainPrefix": visit.domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": visit.raw_path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "requestId": visit.request_id,
        "routeKey": visit.route_key,
        "stage": visit.stage,
        "time": request_time(started),
        "timeEpoch": int(started * 1000),
    }


def http_version_1(visit: Visit) -> dict[str, Any]:
    """Format 1.0 of an HTTP API: names in lower case turn up as they arrived, and the version is said."""
    body, encoded = body_of(visit.request)
    return _version_1(visit, {"version": "1.0"}, body or None, encoded, visit.route_key, dict(visit.authorizer) or None)


def rest_version_1(visit: Visit, resource_id: str, deployment_id: str, binary: bool) -> dict[str, Any]:
    """``binary``: the API's binary media types cover the request, so that its body is base64."""
    data = visit.request.body
    body = base64.b64encode(data).decode() if binary else data.decode("utf-8", "replace")
    event = _version_1(visit, {}, body if data else None, bool(data) and binary, resource_id, visit.authorizer or None)
    event["requestContext"]["deploymentId"] = deployment_id
    return event


def multi(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def arrived_headers(visit: Visit) -> list[tuple[str, str]]:
    """As the client wrote them, with the gateway's own added; a name keeps its case."""
    added = forwarded(visit.request, visit.trace)
    unwanted = HOP_BY_HOP | added.keys()
    rows = [(_TITLES.get(name, name), value) for name, value in visit.request.headers if name.lower() not in unwanted]
    return rows + [(_TITLES[name], value) for name, value in added.items()]


def identity(visit: Visit) -> dict[str, Any]:
    principal = visit.passage.principal if visit.claim is not None else None
    return {
        "accessKey": visit.claim.access_key_id if visit.claim else None,
        "accountId": principal.account_id if principal else None,
        "caller": principal.user_id if principal else None,
        "cognitoAuthenticationProvider": None,
        "cognitoAuthenticationType": None,
        "cognitoIdentityId": None,
        "cognitoIdentityPoolId": None,
        "principalOrgId": None,
        "sourceIp": visit.request.source_ip,
        "user": principal.user_id if principal else None,
        "userAgent": visit.request.header("user-agent"),
        "userArn": principal.arn if principal else None,
    }


def context_1(visit: Visit, resource_id: str, authorizer: dict[str, Any] | None) -> dict[str, Any]:
    started = visit.passage.started
    context: dict[str, Any] = {"accountId": visit.account_id, "apiId": visit.api_id}
    if authorizer is not None:
        context["authorizer"] = authorizer
    return context | {
        "domainName": visit.domain,
        "domainPrefix": visit.domain.partition(".")[0],
        "extendedRequestId": visit.request_id,
        "httpMethod": visit.request.method,
        "identity": identity(visit),
        "path": visit.raw_path,
        "protocol": "HTTP/1.1",
        "requestId": visit.passage.request_id,
        "requestTime": request_time(started),
        "requestTimeEpoch": int(started * 1000),
        "resourceId": resource_id,
        "resourcePath": visit.resource,
        "stage": visit.stage,
    }


def _version_1(
    visit: Visit, head: dict[str, Any], body: str | None, encoded: bool, resource_id: str, authorizer: dict[str, Any] | None
) -> dict[str, Any]:
    headers, query = multi(arrived_headers(visit)), multi(query_fields(visit.request.query))
    return head | {
        "resource": visit.resource,
        "path": visit.path if not head else visit.raw_path,
        "httpMethod": visit.request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": context_1(visit, resource_id, authorizer),
        "pathParameters": visit.path_parameters or None,
        "stageVariables": dict(visit.variables) or None,
        "body": body,
        "isBase64Encoded": encoded,
    }
