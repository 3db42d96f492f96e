"""Request validators of a REST API: required parameters and the body against a model (guide, "Request validation")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.control_plane.rest_apis import RestDefinition
from sandbox.front_door.api_gateway_gateway_response import Refused
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.front_door.event_parts import joined_query


def validate(visit: Visit, method: Mapping[str, Any], definition: RestDefinition) -> None:
    """Raises ``Refused``; a method without a validator takes everything."""
    validator = definition.validators.get(str(method.get("requestValidatorId") or ""))
    if validator is None:
        return
    if validator.get("validateRequestParameters"):
        needed = [name for name, required in (method.get("requestParameters") or {}).items() if _true(required)]
        missing = [name for name in needed if not _has(visit, name)]
        if missing:
            names = ", ".join(name.rsplit(".", 1)[-1] for name in missing)
            raise Refused("BAD_REQUEST_PARAMETERS", f"Missing required request parameters: [{names}]")
    if validator.get("validateRequestBody"):
        _body(visit, method.get("requestModels") or {}, definition.models)


def _true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _has(visit: Visit, name: str) -> bool:
    """``method.request.path.id``, ``.querystring.q``, ``.header.h``, multi-valued spellings included."""
    place, _, key = name.removeprefix("method.request.").partition(".")
    if place == "path":
        return bool(visit.path_parameters.get(key))
    if place in ("querystring", "multivaluequerystring"):
        return bool(joined_query(visit.request.query).get(key))
    return bool(visit.request.header(key))


def _body(visit: Visit, models: Mapping[str, str], schemas: Mapping[str, str]) -> None:
    media_type = visit.request.header("content-type", "application/json").partition(";")[0].strip()
    name = models.get(media_type) or (models.get("$default"))
    if name is None:
        return
    try:
        document = json.loads(visit.request.body or b"null") if visit.request.body else None
    except ValueError as error:
        raise Refused("BAD_REQUEST_BODY") from error
    if not _fits(document, name, schemas):
        raise Refused("BAD_REQUEST_BODY")


def _fits(document: Any, name: str, schemas: Mapping[str, str]) -> bool:
    # only an API with models needs the validator, whose import takes longer than a request
    try:
        from jsonschema import Draft4Validator  # type: ignore[import-untyped]  # noqa: PLC0415
        from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError as error:
        message = "Models need the library jsonschema, which is not installed here."
        raise Refused("API_CONFIGURATION_ERROR", message, status=501) from error
    schema = _resolved(schemas.get(name, "{}"), schemas, 0)
    try:
        Draft4Validator.check_schema(schema)
        return bool(Draft4Validator(schema).is_valid(document))
    except (SchemaError, RecursionError) as error:
        raise Refused("API_CONFIGURATION_ERROR") from error


def _resolved(text: str, schemas: Mapping[str, str], depth: int) -> Any:
    """``$ref`` to another model (``…/restapis/id/models/Name``) becomes that model itself."""
    try:
        schema = json.loads(text)
    except ValueError as error:
        raise Refused("API_CONFIGURATION_ERROR") from error
    return _inlined(schema, schemas, depth)


def _inlined(value: Any, schemas: Mapping[str, str], depth: int) -> Any:
    if depth > 30:
        raise Refused("API_CONFIGURATION_ERROR")
    if isinstance(value, list):
        return [_inlined(inner, schemas, depth + 1) for inner in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str) and "/models/" in reference:
        return _resolved(schemas.get(reference.rsplit("/", 1)[-1], "{}"), schemas, depth + 1)
    return {name: _inlined(inner, schemas, depth + 1) for name, inner in value.items()}
