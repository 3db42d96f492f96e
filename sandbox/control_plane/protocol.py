"""Which AWS protocol a request speaks, and botocore's models of the services (through moto's facade, which its parsers need)."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

from sandbox.errors import AwsError, InternalError
from sandbox.http_message import HttpRequest

CBOR = "smithy-rpc-v2-cbor"
_CBOR_PATH = re.compile(r"^/service/[^/]+/operation/(\w+)/?$")


@cache
def model(service: str) -> Any:
    """moto's ``ServiceModel`` of a botocore service; InternalError for a name botocore does not know."""
    try:
        return import_module("moto.core.utils").get_service_model(service)
    except import_module("botocore.exceptions").UnknownServiceError as error:
        raise InternalError(f"no service model for {service!r}") from error


@cache
def operation_model(service: str, operation: str) -> Any:
    return model(service).operation_model(operation)


@cache
def protocols(service: str) -> tuple[str, ...]:
    metadata = model(service).metadata
    return tuple(metadata.get("protocols") or (metadata["protocol"],))


def protocol_of(service: str, request: HttpRequest) -> str:
    """By the smithy header and the content type, as AWS's endpoints tell them apart; S3's content type is the object's."""
    known = protocols(service)
    if request.header("smithy-protocol") == "rpc-v2-cbor" or (CBOR in known and _CBOR_PATH.match(request.path)):
        return CBOR
    if len(known) == 1 and known[0].startswith("rest"):
        return known[0]
    content_type = request.header("content-type")
    if content_type.startswith("application/x-amz-json") or request.header("x-amz-target"):
        return "json"
    if content_type.startswith("application/x-www-form-urlencoded") or "Action=" in request.query:
        return "ec2" if "ec2" in known else "query"  # SQS still takes the old protocol though its model names JSON only
    return next((name for name in known if name != CBOR), known[0])


def cbor_operation(service: str, request: HttpRequest) -> str:
    match = _CBOR_PATH.match(request.path)
    if match is None:
        raise AwsError("UnknownOperationException", f"no operation of {service} at {request.path}", 404)
    return match[1]


def unknown_operation(service: str, request: HttpRequest) -> AwsError:
    """AWS's answer to a request that names no operation of the service."""
    target = request.header("x-amz-target")
    if protocols(service)[0] in ("query", "ec2"):
        return AwsError("InvalidAction", "Could not find operation for the given Action and Version", 400)
    if service == "s3":
        return AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
    if target:
        return AwsError("UnknownOperationException", None, 400)
    message = f"Unable to determine service/operation name for {request.method} {request.path}"
    return AwsError("UnknownOperationException", message, 404)
