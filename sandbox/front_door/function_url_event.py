"""HTTP to the event of a Function URL: payload format 2.0 (Lambda guide, "Invoking Lambda function URLs").

Form and multipart bodies, and every body whose media type is not textual or that is content-encoded, arrive base64-encoded.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbox.functions.urls import UrlConfig
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "transfer-encoding", "upgrade", "expect", "proxy-connection"})
_TEXTUAL = ("text/", "json", "xml", "javascript")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    headers = _headers(request, principal is not None, trace_header)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": request.query,
    }
    cookies = [part.strip() for part in request.header("cookie").replace(",", ";").split(";") if part.strip()]
    if cookies:
        event["cookies"] = cookies
    event["headers"] = headers
    if request.query:
        event["queryStringParameters"] = _joined(request.query)
    event["requestContext"] = _context(request, raw_path, config, principal, access_key_id, request_id, now_s)
    body, encoded = _body(request)
    if body:
        event["body"] = body
    event["isBase64Encoded"] = encoded
    return event


def event_bytes(event: dict[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def domain_of(request: HttpRequest, config: UrlConfig) -> str:
    """The host name the client used when it names the URL, else AWS's own (the path form has none)."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host.startswith(f"{config.url_id}.lambda-url."):
        return host
    return f"{config.url_id}.lambda-url.{config.region}.on.aws"


def _headers(request: HttpRequest, signed: bool, trace_header: str) -> dict[str, str]:
    """Lower-case names, repeated ones joined; what the signature carried stays at the door."""
    secret = {"authorization", "x-amz-security-token"} if signed else set()
    dropped = _HOP_BY_HOP | secret | {"cookie"}
    headers = {name: value for name, value in request.folded().items() if name not in dropped}
    headers["x-amzn-trace-id"] = trace_header
    headers["x-forwarded-for"] = request.source_ip
    headers["x-forwarded-proto"] = request.scheme
    port = request.host.rpartition(":")[2]
    headers["x-forwarded-port"] = port if port.isdigit() else ("443" if request.scheme == "https" else "80")
    return headers


def _joined(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, max_num_fields=10_000):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _context(
    request: HttpRequest,
    raw_path: str,
    config: UrlConfig,
    principal: Principal | None,
    access_key_id: str,
    request_id: str,
    now_s: float,
) -> dict[str, Any]:
    moment = datetime.fromtimestamp(now_s, UTC)
    context: dict[str, Any] = {"accountId": "anonymous" if principal is None else principal.account_id, "apiId": config.url_id}
    if principal is not None:
        context["authorizer"] = {"iam": _iam(principal, access_key_id)}
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
    context["time"] = f"{moment.day:02}/{_MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} +0000"
    context["timeEpoch"] = int(now_s * 1000)
    return context


def _iam(principal: Principal, access_key_id: str) -> dict[str, Any]:
    return {
        "accessKey": access_key_id,
        "accountId": principal.account_id,
        "callerId": principal.user_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": principal.arn,
        "userId": principal.user_id,
    }


def _body(request: HttpRequest) -> tuple[str, bool]:
    if not request.body:
        return "", False
    media_type = request.header("content-type").lower()
    if not request.header("content-encoding") and any(kind in media_type for kind in _TEXTUAL):
        try:
            return request.body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass  # declared as text, but is not: only base64 carries it unchanged
    return base64.b64encode(request.body).decode("ascii"), True
