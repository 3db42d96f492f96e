"""Parameters made to fit an operation: a template's spellings and texts become the model's members and types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.control_plane.protocol import operation_model
from sandbox.errors import AwsError

_TRUE, _FALSE = ("true", "True"), ("false", "False")


def fit(service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """AwsError names a member that the operation does not have; nothing is dropped in silence."""
    shape = operation_model(service, operation).input_shape
    return {} if shape is None else _structure(dict(params), shape, "")


def _structure(value: Any, shape: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _refused(f"Model validation failed (#{path}: expected type: JSONObject, found: {type(value).__name__})")
    fitted: dict[str, Any] = {}
    for name, held in value.items():
        member = _member(str(name), shape)
        if member is None:
            raise _refused(f"Encountered unsupported property {path.strip('/') + '/' if path else ''}{name}")
        if held is not None:
            fitted[member] = _fit(held, shape.members[member], f"{path}/{name}")
    return fitted


def _member(name: str, shape: Any) -> str | None:
    for spelling in (name, name[:1].lower() + name[1:], name[:1].upper() + name[1:]):
        if spelling in shape.members:
            return spelling
    lowered = name.lower()
    return next((member for member in shape.members if member.lower() == lowered), None)


def _fit(value: Any, shape: Any, path: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return value if getattr(shape, "is_document_type", False) else _structure(value, shape, path)
    if kind == "list":
        rows = value if isinstance(value, list) else [value]
        return [_fit(one, shape.member, f"{path}/{index}") for index, one in enumerate(rows)]
    if kind == "map":
        if not isinstance(value, Mapping):
            raise _refused(f"Model validation failed (#{path}: expected type: JSONObject, found: {type(value).__name__})")
        return {str(key): _fit(one, shape.value, f"{path}/{key}") for key, one in value.items()}
    return _scalar(value, kind, path)


def _scalar(value: Any, kind: str, path: str) -> Any:
    if kind == "boolean":
        if value in _TRUE or value in _FALSE:
            return value in _TRUE
        if not isinstance(value, bool):
            raise _refused(f"Model validation failed (#{path}: expected type: Boolean, found: {value!r})")
        return value
    if kind in ("integer", "long", "float", "double"):
        try:
            return int(value) if kind in ("integer", "long") else float(value)
        except (TypeError, ValueError) as error:
            raise _refused(f"Model validation failed (#{path}: expected type: Number, found: {value!r})") from error
    if kind == "string":
        if isinstance(value, bool):
            return "true" if value else "false"
        return json.dumps(value, separators=(",", ":")) if isinstance(value, (dict, list)) else str(value)
    return value


def _refused(message: str) -> AwsError:
    return AwsError("ValidationException", message)
