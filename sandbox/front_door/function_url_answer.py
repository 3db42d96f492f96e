"""What a handler returned to HTTP: response inference of Function URLs (Lambda guide, "Response payload format").

Valid JSON without ``statusCode`` is a 200 with ``application/json``; a string body goes out as it is; anything malformed is a 502
"Internal Server Error", as recorded on AWS.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from sandbox.front_door.returned_headers import header_text, is_name, is_value
from sandbox.http_message import HeaderList, HttpResponse

_JSON = "application/json"
_OWNED = frozenset({"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade", "x-amzn-requestid"})

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, "
    "see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


def answer_of(payload: bytes) -> HttpResponse:
    """The HTTP answer for one result; bad shapes become the 502 that AWS gives."""
    try:
        result = json.loads(payload or b"null")
    except ValueError:
        return bad_gateway()
    if not isinstance(result, dict) or "statusCode" not in result:
        body = result.encode("utf-8", "surrogatepass") if isinstance(result, str) else _compact(result)
        return HttpResponse(200, [("Content-Type", _JSON)], body)
    status = _status(result["statusCode"])
    headers = _headers(result.get("headers"), result.get("cookies"))
    body_bytes = _body(result.get("body"), result.get("isBase64Encoded"))
    if status is None or headers is None or body_bytes is None:
        return bad_gateway()
    return HttpResponse(status, headers, body_bytes)


def bad_gateway() -> HttpResponse:
    return HttpResponse(502, [("Content-Type", _JSON)], b"Internal Server Error")


def forbidden() -> HttpResponse:
    return refused(403, {"Message": _FORBIDDEN}, "AccessDeniedException")


def unknown_url() -> HttpResponse:
    return refused(403, {"Message": None}, "AccessDeniedException")


def refused(status: int, body: dict[str, Any], error_type: str) -> HttpResponse:
    return HttpResponse(status, [("Content-Type", _JSON), ("x-amzn-ErrorType", error_type)], _compact(body))


def _status(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 200 <= value <= 599 else None


def _headers(given: object, cookies: object) -> HeaderList | None:
    if given is not None and not isinstance(given, dict):
        return None
    if cookies is not None and not (isinstance(cookies, list) and all(isinstance(cookie, str) for cookie in cookies)):
        return None
    headers: HeaderList = []
    for name, value in (given or {}).items():
        text = header_text(value)
        if text is None or not is_name(name) or not is_value(text):
            return None
        if name.lower() not in _OWNED:
            headers.append((name, text))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", _JSON))
    for cookie in cookies or ():
        if not is_value(cookie):
            return None
        headers.append(("Set-Cookie", cookie))
    return headers


def _body(body: object, encoded: object) -> bytes | None:
    if encoded not in (None, True, False):
        return None
    if body is None:
        return b""
    if not isinstance(body, str):
        return None  # as API Gateway's "malformed proxy response"; the guide only ever shows a string
    if not encoded:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
