"""What a REST API says itself when it cannot go on: gateway responses, by default or as the API configured them.

API Gateway guide, "Gateway response types"; messages as recorded by many a client, cited where they surprise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.front_door import api_gateway_event as event
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.http_message import HeaderList, HttpResponse

_DEFAULTS: Mapping[str, tuple[int, str | None, str]] = {
    "ACCESS_DENIED": (403, "User is not authorized to access this resource", "AccessDeniedException"),
    "API_CONFIGURATION_ERROR": (500, "Internal server error", "InternalServerErrorException"),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, None, "AuthorizerConfigurationException"),
    "AUTHORIZER_FAILURE": (500, None, "AuthorizerFailureException"),
    "BAD_REQUEST_BODY": (400, "Invalid request body", "BadRequestException"),
    "BAD_REQUEST_PARAMETERS": (400, "Missing required request parameters", "BadRequestException"),
    "DEFAULT_4XX": (400, "Bad Request", "BadRequestException"),
    "DEFAULT_5XX": (500, "Internal server error", "InternalServerErrorException"),
    "EXPIRED_TOKEN": (403, "The security token included in the request is expired", "ExpiredTokenException"),
    "INTEGRATION_FAILURE": (504, "Internal server error", "InternalServerErrorException"),
    "INTEGRATION_TIMEOUT": (504, "Endpoint request timed out", "InternalServerErrorException"),
    "INVALID_API_KEY": (403, "Forbidden", "ForbiddenException"),
    "INVALID_SIGNATURE": (403, "The request signature does not match", "InvalidSignatureException"),
    "MISSING_AUTHENTICATION_TOKEN": (403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
    "QUOTA_EXCEEDED": (429, "Limit Exceeded", "LimitExceededException"),
    "REQUEST_TOO_LARGE": (413, "Request Too Long", "RequestTooLongException"),
    "RESOURCE_NOT_FOUND": (404, "Not Found", "NotFoundException"),
    "THROTTLED": (429, "Too Many Requests", "TooManyRequestsException"),
    "UNAUTHORIZED": (401, "Unauthorized", "UnauthorizedException"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Unsupported Media Type", "BadRequestException"),
}
_VARIABLE = re.compile(r"\$(?:context|stageVariables)(?:\.[A-Za-z0-9_]+)+")


class Refused(Exception):
    """A REST API stops here. ``capital``: words that come from IAM are in a member ``Message``, not ``message``."""

    def __init__(self, kind: str, message: str | None = None, *, status: int = 0, capital: bool = False) -> None:
        default_status, default_message, self.error_type = _DEFAULTS[kind]
        super().__init__(kind)
        self.kind = kind
        self.status = status or default_status
        self.message = message if message is not None else default_message
        self.capital = capital


def gateway_response(refused: Refused, visit: Visit, configured: Mapping[str, Mapping[str, Any]]) -> HttpResponse:
    """The type's own configuration, else that of its class (``DEFAULT_4XX``, ``DEFAULT_5XX``), else AWS's words."""
    family = "DEFAULT_5XX" if refused.status >= 500 else "DEFAULT_4XX"
    own = configured.get(refused.kind) or configured.get(family) or {}
    status = int(own.get("statusCode") or refused.status)
    templates = own.get("responseTemplates") or {}
    context = _context(refused, visit)
    headers: HeaderList = [("Content-Type", "application/json"), ("x-amzn-ErrorType", refused.error_type)]
    if templates:
        media_type = "application/json" if "application/json" in templates else next(iter(templates))
        headers[0] = ("Content-Type", media_type)
        text = _VARIABLE.sub(lambda match: _value(match[0], context, visit), str(templates[media_type] or ""))
    else:
        text = json.dumps({"Message" if refused.capital else "message": refused.message})
    for name, expression in (own.get("responseParameters") or {}).items():
        if name.startswith("gatewayresponse.header."):
            headers.append((name.removeprefix("gatewayresponse.header."), _parameter(str(expression), context, visit)))
    return HttpResponse(status, headers, text.encode("utf-8", "surrogatepass"))


def _context(refused: Refused, visit: Visit) -> dict[str, Any]:
    context = event.context_1(visit, "", None)
    message = refused.message or ""
    return context | {
        "error": {
            "message": message,
            "messageString": json.dumps(message),
            "responseType": refused.kind,
            "validationErrorString": message,
        }
    }


def _value(reference: str, context: Mapping[str, Any], visit: Visit) -> str:
    parts = reference[1:].split(".")
    found: Any = context if parts[0] == "context" else dict(visit.variables)
    for part in parts[1:]:
        found = found.get(part) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)


def _parameter(expression: str, context: Mapping[str, Any], visit: Visit) -> str:
    if expression.startswith("'") and expression.endswith("'"):
        return expression[1:-1]
    if expression.startswith("context."):
        return _value("$" + expression, context, visit)
    if expression.startswith("method.request.header."):
        return visit.request.header(expression.removeprefix("method.request.header."))
    return expression
