"""``$input``, ``$util``, ``$context`` and ``$stageVariables`` of a mapping template (guide, "Mapping template variables")."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus

from sandbox.front_door import api_gateway_event as event
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.event_parts import joined_query
from sandbox.front_door.json_path import select
from sandbox.front_door.velocity import render
from sandbox.front_door.velocity_value import TemplateError, shown


class Called:
    """An object of a template: ``methods`` can be called and ``members`` be read."""

    def __init__(self, methods: Mapping[str, Callable[..., Any]], members: Mapping[str, Any] | None = None) -> None:
        self.methods = methods
        self.members = members or {}


def mapped(template: str, visit: Visit, body: str, overrides: dict[str, Any] | None = None) -> str:
    """Raises ``TemplateError``. ``overrides`` receives what the template set of ``$context.responseOverride``."""
    context = event.context_1(visit, "", dict(visit.authorizer) or None)
    context["responseOverride"] = {"header": {}, "status": None} if overrides is None else overrides
    try:
        return render(
            template,
            {
                "input": _input(visit, body),
                "util": Called(_UTIL),
                "context": context,
                "stageVariables": dict(visit.variables),
            },
        )
    except (RecursionError, TypeError) as error:
        raise TemplateError(f"the template cannot be evaluated: {error}") from error


def _input(visit: Visit, body: str) -> Called:
    def document() -> Any:
        try:
            return json.loads(body) if body else {}
        except ValueError:
            return {}

    headers = dict(event.arrived_headers(visit))
    query = joined_query(visit.request.query)

    def params(name: str | None = None) -> Any:
        """By name: path, then query, then header."""
        if name is None:
            return {"path": visit.path_parameters, "querystring": query, "header": headers}
        folded = {key.lower(): value for key, value in headers.items()}
        return visit.path_parameters.get(name, query.get(name, folded.get(name.lower(), "")))

    return Called(
        {
            "path": lambda path: select(document(), path),
            "json": lambda path: json.dumps(select(document(), path), separators=(",", ":"), ensure_ascii=False),
            "params": params,
        },
        {"body": body},
    )


def _escape(value: Any) -> str:
    return json.dumps(shown(value), ensure_ascii=False)[1:-1].replace("'", "\\'").replace("/", "\\/")


def _parsed(text: Any) -> Any:
    try:
        return json.loads(shown(text))
    except ValueError as error:
        raise TemplateError("$util.parseJson was given no JSON") from error


_UTIL: dict[str, Callable[..., Any]] = {
    "escapeJavaScript": _escape,
    "parseJson": _parsed,
    "urlEncode": lambda text: quote(shown(text), safe=""),
    "urlDecode": lambda text: unquote_plus(shown(text)),
    "base64Encode": lambda text: base64.b64encode(shown(text).encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(shown(text)).decode("utf-8", "replace"),
}
