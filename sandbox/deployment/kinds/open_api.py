"""An API's ``Body``: an OpenAPI document with AWS's extensions, read into operations, integrations and authorizers.

API Gateway guides, "API Gateway extensions to OpenAPI".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

INTEGRATION = "x-amazon-apigateway-integration"
_ANY = "x-amazon-apigateway-any-method"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", _ANY)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``security`` is the name of an authorizer's scheme, or empty."""

    path: str
    method: str
    document: Mapping[str, Any]
    integration: Mapping[str, Any]
    security: str = ""
    scopes: list[str] = field(default_factory=list)
    api_key: bool = False


def endpoints(body: Mapping[str, Any]) -> Iterator[Endpoint]:
    known = schemes(body)
    for path, operations in (body.get("paths") or {}).items():
        for name, document in operations.items():
            if name.lower() not in _METHODS:
                continue
            method = "ANY" if name == _ANY else name.upper()
            security, scopes, api_key = _security(document.get("security", body.get("security") or []), known)
            yield Endpoint(path, method, document, document.get(INTEGRATION) or {}, security, scopes, api_key)


def schemes(body: Mapping[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = body.get("securityDefinitions") or (body.get("components") or {}).get("securitySchemes") or {}
    return held


def authorizers(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """By scheme name: those that an authorizer of the API decides."""
    return {name: row for name, row in schemes(body).items() if row.get("x-amazon-apigateway-authorizer")}


def _security(rows: list[Mapping[str, Any]], known: Mapping[str, Any]) -> tuple[str, list[str], bool]:
    chosen, scopes, api_key = "", list[str](), False
    for row in rows:
        for name, asked in row.items():
            scheme = known.get(name) or {}
            if scheme.get("x-amazon-apigateway-authtype") or scheme.get("x-amazon-apigateway-authorizer"):
                chosen, scopes = name, list(asked or ())
            elif scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key":
                api_key = True
    return chosen, scopes, api_key
