"""The client's side of the wire: parameters to a request and an answer back to a result, for calls that AWS makes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from sandbox.control_plane.protocol import CBOR, operation_model, protocols
from sandbox.control_plane.wire import aws_host
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse

_RESPONSE_KEYS = ("ResponseMetadata",)


def request_of(service: str, operation: str, params: Mapping[str, Any], region: str, source: str = "") -> HttpRequest:
    """As botocore serialises it. ``source`` takes the place of the caller's address (CloudTrail shows the service's name)."""
    made = _serializer(_protocol(service)).serialize_to_request(dict(params), operation_model(service, operation))
    body, query = made["body"], made["query_string"]
    if isinstance(body, dict):
        body = urlencode(body)
    if isinstance(body, str):
        body = body.encode()
    headers = [(str(key), str(value)) for key, value in made["headers"].items()]
    headers.append(("Host", aws_host(service, region)))
    path, _, fixed = made["url_path"].partition("?")  # S3's sub-resources: /bucket?versioning
    text = "&".join(part for part in (fixed, query if isinstance(query, str) else urlencode(query)) if part)
    return HttpRequest(made["method"], path, text, headers, bytes(body or b""), source or "127.0.0.1", "https")


def result_of(service: str, operation: str, response: HttpResponse) -> dict[str, Any] | AwsError:
    """As botocore parses it; AwsError for an error answer."""
    parts = {"status_code": response.status, "headers": _Headers(response.headers), "body": response.body}
    shape = operation_model(service, operation).output_shape
    parsed: dict[str, Any] = _parser(_protocol(service)).parse(parts, shape)
    if response.status >= 300:
        error = parsed.get("Error", {})
        code = str(error.get("Code", response.status)).removeprefix("AWS.SimpleQueueService.")
        return AwsError(code, str(error.get("Message", "")), response.status)
    return {key: value for key, value in parsed.items() if key not in _RESPONSE_KEYS}


class _Headers(dict[str, str]):
    """Case-insensitive, as botocore's parsers expect."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__((key.lower(), value) for key, value in pairs)

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key.lower())

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and super().__contains__(key.lower())

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key.lower(), default)


def _protocol(service: str) -> str:
    return next(name for name in protocols(service) if name != CBOR)


@cache
def _serializer(protocol: str) -> Any:
    return import_module("botocore.serialize").create_serializer(protocol, include_validation=False)


@cache
def _parser(protocol: str) -> Any:
    return import_module("botocore.parsers").create_parser(protocol)
