"""HTTP to the event of a Function URL: payload format 2.0 (Lambda guide, "Invoking Lambda function URLs").

Form and multipart bodies, and every body whose media type is not textual or that is content-encoded, arrive base64-encoded.
"""

from __future__ import annotations

from typing import Any

from sandbox.front_door.event_parts import body_of, cookies_of, folded_headers, iam_identity, joined_query, request_time
from sandbox.functions.urls import UrlConfig
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

_OF_THE_SIGNATURE = frozenset({"authorization", "x-amz-security-token"})  # stays at the door


def event_of(
    request: HttpRequest,
    raw_path: str,
    config: UrlConfig,
    principal: Principal | None,
    access_key_id: str,
    request_id: str,
    trace_header: str,
    now_s: float,
) -> dict[str, Any]:
    """``principal`` is None for auth type NONE. ``raw_path`` is the path behind the URL, percent-encoded as it arrived."""
    headers = folded_headers(request, trace_header, _OF_THE_SIGNATURE if principal is not None else frozenset())
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": request.query,
    }
    cookies = cookies_of(request)
    if cookies:
        event["cookies"] = cookies
    event["headers"] = headers
    if request.query:
        event["queryStringParameters"] = joined_query(request.query)
    event["requestContext"] = _context(request, raw_path, config, principal, access_key_id, request_id, now_s)
    body, encoded = body_of(request)
    if body:
        event["body"] = body
    event["isBase64Encoded"] = encoded
    return event


def domain_of(request: HttpRequest, config: UrlConfig) -> str:
    """The host name the client used when it names the URL, else AWS's own (the path form has none)."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host.startswith(f"{config.url_id}.lambda-url."):
        return host
    return f"{config.url_id}.lambda-url.{config.region}.on.aws"


def _context(
    request: HttpRequest,
    raw_path: str,
    config: UrlConfig,
    principal: Principal | None,
    access_key_id: str,
    request_id: str,
    now_s: float,
) -> dict[str, Any]:
    context: dict[str, Any] = {"accountId": "anonymous" if principal is None else principal.account_id, "apiId": config.url_id}
    if principal is not None:
        context["authorizer"] = {"iam": iam_identity(principal, access_key_id)}
    context["domainName"] = domain_of(request, config)
    context["domainPrefix"] = config.url_id
    context["http"] = {
        "method": request.method,
        "path": raw_path,
        "protocol": "HTTP/1.1",
        "sourceIp": request.source_ip,
        "userAgent": request.header("user-agent"),
    }
    context["requestId"] = request_id
    context["routeKey"] = "$default"
    context["stage"] = "$default"
    context["time"] = request_time(now_s)
    context["timeEpoch"] = int(now_s * 1000)
    return context
