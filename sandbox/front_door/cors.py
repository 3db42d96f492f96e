"""Cross-origin answers of a Function URL from its ``Cors`` configuration (Lambda guide, "Cross-origin resource sharing").

Without a configuration nothing is added and a preflight request reaches the function, as on AWS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.http_message import HeaderList, HttpRequest, HttpResponse

_ALL_METHODS = "GET,HEAD,OPTIONS,PUT,PATCH,POST,DELETE"


def is_preflight(request: HttpRequest) -> bool:
    headers = request.folded()
    return request.method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def preflight(request: HttpRequest, cors: Mapping[str, Any]) -> HttpResponse:
    """Answered by Lambda itself: the function is not invoked. Nothing is granted to an origin that is not configured."""
    headers = _origin_headers(request, cors)
    if headers:
        allowed = [str(method) for method in cors.get("AllowMethods") or ()]
        headers.append(("Access-Control-Allow-Methods", _ALL_METHODS if "*" in allowed else ",".join(allowed)))
        _append(headers, "Access-Control-Allow-Headers", cors.get("AllowHeaders"))
        if cors.get("MaxAge"):
            headers.append(("Access-Control-Max-Age", str(cors["MaxAge"])))
    return HttpResponse(200, [("Content-Type", "application/json"), *headers])


def decorate(request: HttpRequest, response: HttpResponse, cors: Mapping[str, Any] | None) -> None:
    """Add the headers of an actual cross-origin request; the configuration wins over what the function returned."""
    if not cors or not request.header("origin"):
        return
    added = _origin_headers(request, cors)
    if added:
        _append(added, "Access-Control-Expose-Headers", cors.get("ExposeHeaders"))
    owned = {name.lower() for name, _ in added} - {"vary"}
    response.headers = [(name, value) for name, value in response.headers if name.lower() not in owned] + added


def _origin_headers(request: HttpRequest, cors: Mapping[str, Any]) -> HeaderList:
    origin = request.header("origin")
    allowed = [str(item) for item in cors.get("AllowOrigins") or ()]
    with_credentials = bool(cors.get("AllowCredentials"))
    if not any(_matches(origin, pattern) for pattern in allowed):
        return []
    # A browser refuses "*" together with credentials (Fetch standard), so the origin is named then.
    headers: HeaderList = [("Access-Control-Allow-Origin", "*" if "*" in allowed and not with_credentials else origin)]
    headers.append(("Vary", "Origin"))
    if with_credentials:
        headers.append(("Access-Control-Allow-Credentials", "true"))
    return headers


def _matches(origin: str, pattern: str) -> bool:
    if "*" not in pattern:
        return origin.lower() == pattern.lower()
    before, _, after = pattern.lower().partition("*")
    folded = origin.lower()
    return len(folded) >= len(before) + len(after) and folded.startswith(before) and folded.endswith(after)


def _append(headers: HeaderList, name: str, values: Sequence[str] | None) -> None:
    if values:
        headers.append((name, ",".join(str(value) for value in values)))
