"""What the events of all HTTP fronts share: header folding, text or base64 bodies, the moment of the request, who signed it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "transfer-encoding", "upgrade", "expect", "proxy-connection"})
_TEXTUAL = ("text/", "json", "xml", "javascript")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIELDS_MAX = 10_000


def event_bytes(event: dict[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def forwarded(request: HttpRequest, trace_header: str) -> dict[str, str]:
    """The headers a front adds on the way: trace, client address, protocol and port."""
    port = request.host.rpartition(":")[2]
    return {
        "x-amzn-trace-id": trace_header,
        "x-forwarded-for": request.source_ip,
        "x-forwarded-port": port if port.isdigit() else ("443" if request.scheme == "https" else "80"),
        "x-forwarded-proto": request.scheme,
    }


def folded_headers(request: HttpRequest, trace_header: str, dropped: frozenset[str] = frozenset()) -> dict[str, str]:
    """Lower-case names, repeated ones joined, without cookies: payload format 2.0 carries those apart."""
    unwanted = HOP_BY_HOP | dropped | {"cookie"}
    headers = {name: value for name, value in request.folded().items() if name not in unwanted}
    return headers | forwarded(request, trace_header)


def cookies_of(request: HttpRequest) -> list[str]:
    return [part.strip() for part in request.header("cookie").replace(",", ";").split(";") if part.strip()]


def query_fields(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, max_num_fields=_FIELDS_MAX)


def joined_query(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in query_fields(query):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def request_time(now_s: float) -> str:
    moment = datetime.fromtimestamp(now_s, UTC)
    return f"{moment.day:02}/{_MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} +0000"


def iam_identity(principal: Principal, access_key_id: str) -> dict[str, Any]:
    return {
        "accessKey": access_key_id,
        "accountId": principal.account_id,
        "callerId": principal.user_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": principal.arn,
        "userId": principal.user_id,
    }


def body_of(request: HttpRequest) -> tuple[str, bool]:
    """The body as text, or base64-encoded when its media type is not textual or it is content-encoded."""
    if not request.body:
        return "", False
    media_type = request.header("content-type").lower()
    if not request.header("content-encoding") and any(kind in media_type for kind in _TEXTUAL):
        try:
            return request.body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass  # declared as text, but is not: only base64 carries it unchanged
    return base64.b64encode(request.body).decode("ascii"), True
