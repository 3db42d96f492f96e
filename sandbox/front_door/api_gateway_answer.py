"""What a proxied function returned, to HTTP: formats 1.0 and 2.0 (API Gateway guide, "Lambda proxy integrations").

None stands for an answer API Gateway cannot use: an HTTP API makes a 500 of it, a REST API a 502.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from sandbox.front_door.returned_headers import header_text, is_name, is_value
from sandbox.http_message import HeaderList, HttpResponse

_JSON = "application/json"
_OWNED = frozenset({"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"})


def of_version_2(payload: bytes) -> HttpResponse | None:
    """Valid JSON without ``statusCode`` is itself the body of a 200."""
    result = _loaded(payload)
    if isinstance(result, dict) and "statusCode" in result:
        return _shaped(result, result.get("headers"), None, result.get("cookies"), "text/plain;charset=UTF-8")
    text = result if isinstance(result, str) else json.dumps(result, separators=(",", ":"), ensure_ascii=False)
    return HttpResponse(200, [("Content-Type", _JSON)], text.encode("utf-8", "surrogatepass"))


def of_version_1(payload: bytes, default_type: str = "text/plain;charset=UTF-8", *, binary: bool = True) -> HttpResponse | None:
    """``statusCode`` must be there. ``binary``: whether the client's ``Accept`` lets a base64 body be decoded (REST APIs)."""
    result = _loaded(payload)
    if not isinstance(result, dict) or "statusCode" not in result:
        return None
    return _shaped(result, result.get("headers"), result.get("multiValueHeaders"), None, default_type, binary=binary)


def said(status: int, message: str | None, headers: HeaderList | None = None) -> HttpResponse:
    """API Gateway's own words."""
    return HttpResponse(status, [("Content-Type", _JSON), *(headers or ())], json.dumps({"message": message}).encode())


def _loaded(payload: bytes) -> Any:
    try:
        return json.loads(payload or b"null")
    except ValueError:
        return None


def _shaped(
    result: Mapping[str, Any], single: object, several: object, cookies: object, default_type: str, *, binary: bool = True
) -> HttpResponse | None:
    status = _status(result["statusCode"])
    headers = _headers(single, several, cookies)
    body = _body(result.get("body"), bool(result.get("isBase64Encoded")) and binary)
    if status is None or headers is None or body is None:
        return None
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", default_type))
    return HttpResponse(status, headers, body)


def _status(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 100 <= value <= 599 else None


def _headers(single: object, several: object, cookies: object) -> HeaderList | None:
    """``multiValueHeaders`` win over ``headers`` of the same name."""
    if not (single is None or isinstance(single, dict)) or not (several is None or isinstance(several, dict)):
        return None
    rows: list[tuple[str, Any]] = []
    listed = {str(name).lower() for name in several or ()}
    rows += [(str(name), value) for name, value in (single or {}).items() if str(name).lower() not in listed]
    for name, values in (several or {}).items():
        if not isinstance(values, list):
            return None
        rows += [(str(name), value) for value in values]
    if cookies is not None:
        if not (isinstance(cookies, list) and all(isinstance(cookie, str) for cookie in cookies)):
            return None
        rows += [("Set-Cookie", cookie) for cookie in cookies]
    return _texts(rows)


def _texts(rows: list[tuple[str, Any]]) -> HeaderList | None:
    headers: HeaderList = []
    for name, value in rows:
        if value is None:
            continue
        text = header_text(value)
        if text is None or not is_name(name) or not is_value(text):
            return None
        if name.lower() not in _OWNED:
            headers.append((name, text))
    return headers


def _body(body: object, encoded: bool) -> bytes | None:
    if body is None:
        return b""
    if not isinstance(body, str):
        return None
    if not encoded:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
