"""Integrations of a REST API: ``AWS_PROXY`` and ``AWS`` to Lambda, ``MOCK``; what it cannot do is refused by name."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox import facts
from sandbox.errors import AwsError
from sandbox.front_door import api_gateway_answer as answer
from sandbox.front_door import api_gateway_event as event
from sandbox.front_door.api_gateway_gateway_response import Refused
from sandbox.front_door.api_gateway_http_access import selected
from sandbox.front_door.api_gateway_lambda import FunctionFailed, LambdaCaller, TimedOut, function_of
from sandbox.front_door.api_gateway_mapping import mapped
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.event_parts import event_bytes
from sandbox.front_door.json_path import select
from sandbox.front_door.velocity_value import TemplateError, shown
from sandbox.http_message import HeaderList, HttpResponse

Row = Mapping[str, Any]
Finish = Callable[["HttpResponse | Refused"], None]


class Integrations:
    def __init__(self, caller: LambdaCaller) -> None:
        self._caller = caller

    def run(self, visit: Visit, integration: Row, place: tuple[str, str], binary_types: tuple[str, ...], finish: Finish) -> None:
        """``place``: the resource's and the deployment's id. ``finish`` is called once, with an answer or a refusal."""
        kind = str(integration.get("type") or "")
        try:
            if kind == "MOCK":
                finish(_mock(visit, integration))
                return
            function = function_of(str(integration.get("uri") or ""), visit.variables)
            if kind not in ("AWS_PROXY", "AWS") or not function:
                what = f"The integration {kind} {integration.get('uri') or ''}".rstrip()
                raise Refused("API_CONFIGURATION_ERROR", f"{what} is not supported by this account.", status=501)
            binary = kind == "AWS_PROXY" and _is_binary(visit.request.header("content-type"), binary_types)
            self._call(
                visit, integration, function, _payload(visit, integration, kind, place, binary=binary), binary_types, finish
            )
        except Refused as refused:
            finish(refused)
        except TemplateError as error:
            visit.passage.error = str(error)
            finish(Refused("API_CONFIGURATION_ERROR"))

    def _call(
        self, visit: Visit, integration: Row, function: str, payload: bytes, binary_types: tuple[str, ...], finish: Finish
    ) -> None:
        limit_ms = float(facts.limit("rest_api_timeout_ms"))
        timeout_s = min(float(integration.get("timeoutInMillis") or limit_ms), limit_ms) / 1000
        role = str(integration.get("credentials") or "")
        asynchronous = str((integration.get("requestParameters") or {}).get(_TYPE_HEADER, "")).strip("'") == "Event"

        def done(result: bytes | AwsError) -> None:
            try:
                finish(self._answered(visit, integration, result, binary_types))
            except Refused as refused:
                visit.passage.error = visit.passage.error or refused.kind
                finish(refused)
            except TemplateError as error:
                visit.passage.error = str(error)
                finish(Refused("API_CONFIGURATION_ERROR"))

        self._caller.call(visit, function, payload, timeout_s, done, role=role, event=asynchronous)

    @staticmethod
    def _answered(visit: Visit, integration: Row, result: bytes | AwsError, binary_types: tuple[str, ...]) -> HttpResponse:
        """Lambda's own refusal is a 500; a function that failed or answered in the wrong format a 502 (Lambda guide, "Handling
        Lambda errors with an API Gateway API")."""
        if isinstance(result, TimedOut):
            raise Refused("INTEGRATION_TIMEOUT")
        proxy = integration.get("type") == "AWS_PROXY"
        if isinstance(result, FunctionFailed) and not proxy:
            return _mapped_answer(visit, integration, result.payload, _error_message(result.payload))
        if isinstance(result, FunctionFailed):
            raise Refused("DEFAULT_5XX", status=502)
        if isinstance(result, AwsError):
            visit.passage.error = result.code
            raise Refused("API_CONFIGURATION_ERROR")
        if not proxy:
            return _mapped_answer(visit, integration, result, "")
        wants_binary = _is_binary(visit.request.header("accept").partition(",")[0], binary_types)
        response = answer.of_version_1(result, "application/json", binary=wants_binary)
        if response is None:
            raise Refused("DEFAULT_5XX", status=502)
        return response


_TYPE_HEADER = "integration.request.header.X-Amz-Invocation-Type"


def _payload(visit: Visit, integration: Row, kind: str, place: tuple[str, str], *, binary: bool) -> bytes:
    if kind == "AWS_PROXY":
        return event_bytes(event.rest_version_1(visit, *place, binary=binary))
    body = visit.request.body.decode("utf-8", "replace")
    template = _request_template(visit, integration)
    text = mapped(template, visit, body) if template is not None else body or "{}"
    return text.encode("utf-8", "surrogatepass")


def _request_template(visit: Visit, integration: Row) -> str | None:
    """By content type; without a match the body passes through or is refused (guide, "Integration passthrough behaviors")."""
    templates = integration.get("requestTemplates") or {}
    media_type = visit.request.header("content-type", "application/json").partition(";")[0].strip() or "application/json"
    if media_type in templates:
        return str(templates[media_type] or "")
    if "$default" in templates:
        return str(templates["$default"] or "")
    behavior = str(integration.get("passthroughBehavior") or "WHEN_NO_MATCH").upper()
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates):
        raise Refused("UNSUPPORTED_MEDIA_TYPE")
    return None


def _mock(visit: Visit, integration: Row) -> HttpResponse:
    """The request template says the status that selects the response."""
    template = _request_template(visit, integration)
    body = visit.request.body.decode("utf-8", "replace")
    try:
        document = json.loads(mapped(template, visit, body)) if template else {}
    except ValueError as error:
        raise Refused("API_CONFIGURATION_ERROR") from error
    status = document.get("statusCode", 200) if isinstance(document, dict) else 200
    return _mapped_answer(visit, integration, b"", str(status))


def _mapped_answer(visit: Visit, integration: Row, payload: bytes, selector: str) -> HttpResponse:
    """The integration response whose pattern fits (the default one for an empty selector), its headers and template."""
    chosen = _selected(integration, selector)
    if chosen is None:
        raise Refused("API_CONFIGURATION_ERROR")
    text = payload.decode("utf-8", "replace")
    templates = chosen.get("responseTemplates") or {}
    accepted = visit.request.header("accept").partition(",")[0].partition(";")[0].strip()
    media_type = accepted if accepted in templates else "application/json" if "application/json" in templates else ""
    media_type = media_type or next(iter(templates), "application/json")
    template = templates.get(media_type)
    overrides: dict[str, Any] = {"header": {}, "status": None}
    body = mapped(str(template), visit, text, overrides) if template else text
    headers: HeaderList = [("Content-Type", media_type)]
    for name, expression in (chosen.get("responseParameters") or {}).items():
        value = _parameter(str(expression), visit, text)
        if name.startswith("method.response.header.") and value:
            header = name.removeprefix("method.response.header.")
            headers = [row for row in headers if row[0].lower() != header.lower()] + [(header, value)]
    headers += [(str(name), shown(value)) for name, value in overrides["header"].items()]
    status = int(overrides["status"] or chosen.get("statusCode") or 200)
    data = _converted(body, str(chosen.get("contentHandling") or ""))
    return HttpResponse(status, headers, data)


def _selected(integration: Row, selector: str) -> Row | None:
    responses = [row for row in (integration.get("integrationResponses") or {}).values() if isinstance(row, Mapping)]
    for row in responses:
        pattern = str(row.get("selectionPattern") or "")
        if pattern and selector and _fits(pattern, selector):
            return row
    default = next((row for row in responses if not row.get("selectionPattern")), None)
    if default is not None and integration.get("type") == "MOCK":
        plain = (row for row in responses if not row.get("selectionPattern"))
        return next((row for row in plain if str(row.get("statusCode")) == selector), default)
    return default


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text, re.DOTALL) is not None
    except re.error:
        return False


def _parameter(expression: str, visit: Visit, body: str) -> str:
    """``'static'``, ``integration.response.body.x``, ``context.x``, ``stageVariables.x``."""
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    if expression.startswith("integration.response.body"):
        try:
            found = select(json.loads(body or "null"), "$" + expression.removeprefix("integration.response.body"))
        except ValueError:
            found = None
        return "" if found is None else shown(found)
    return selected(visit, expression.removeprefix("method."))


def _error_message(payload: bytes) -> str:
    try:
        document = json.loads(payload)
    except ValueError:
        return payload.decode("utf-8", "replace")
    return str(document.get("errorMessage") or "") if isinstance(document, dict) else ""


def _converted(body: str, handling: str) -> bytes:
    if handling == "CONVERT_TO_BINARY":
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused("API_CONFIGURATION_ERROR") from error
    return body.encode("utf-8", "surrogatepass")


def _is_binary(media_type: str, binary_types: tuple[str, ...]) -> bool:
    """``*/*`` takes everything, ``image/*`` a family."""
    wanted = media_type.partition(";")[0].strip().lower() or "application/json"
    for kind in binary_types:
        family, _, rest = kind.lower().partition("/")
        if kind == "*/*" or kind.lower() == wanted or (rest == "*" and wanted.startswith(family + "/")):
            return True
    return False
