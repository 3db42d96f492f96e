"""Results and errors in the protocol of the request, with the headers AWS sends."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html import escape as escape_html
from importlib import import_module
from typing import Any

from sandbox.control_plane import cbor
from sandbox.control_plane.protocol import CBOR, model, operation_model, protocol_of
from sandbox.errors import AwsError
from sandbox.http_message import HeaderList, HttpRequest, HttpResponse

_QUERY_ERROR_NAMES = {"sqs": "AWS.SimpleQueueService."}
_S3_HOST_ID = "MzRISOwyjmnup0000000000000000000000000000000000000000000000000000000000000000"
_CAPITAL_MESSAGE = {"AccessDeniedException", "MissingAuthenticationTokenException", "ExpiredTokenException"}


def serialise(service: str, operation: str, result: Mapping[str, Any], request: HttpRequest, request_id: str) -> HttpResponse:
    """A result in botocore's output shape (missing and None members are left out)."""
    protocol = protocol_of(service, request)
    if protocol == CBOR:
        return _cbor_answer(200, dict(result), request_id, [])
    shape_aware = import_module("moto.core.serialize")
    serializer_class = shape_aware.get_serializer_class(service, protocol)
    context = shape_aware.SerializationContext(request_id)
    serializer = serializer_class(operation_model=operation_model(service, operation), context=context)
    answer = serializer.serialize(result)
    body = answer["body"].encode() if isinstance(answer["body"], str) else bytes(answer["body"] or b"")
    status = int((result.get("StatusCode") if _status_is_a_member(service, operation) else None) or answer["status_code"])
    if status == 204:
        body = b""
    headers = [(str(key), str(value)) for key, value in answer["headers"].items() if key.lower() != "content-type"]
    content_type = _content_type(service, protocol, request) if body or protocol == "json" else ""
    if _payload_content_type(answer["headers"], protocol):
        content_type = ""
        headers.append(("Content-Type", answer["headers"]["Content-Type"]))
    if content_type:
        headers.append(("Content-Type", content_type))
    return HttpResponse(status, headers + request_id_headers(service, request_id), body)


def _payload_content_type(headers: Mapping[str, str], protocol: str) -> bool:
    return protocol.startswith("rest") and headers.get("Content-Type", "") not in (
        "",
        "application/json",
        "application/xml",
        "text/xml",
    )


@cache
def _status_is_a_member(service: str, operation: str) -> bool:
    shape = operation_model(service, operation).output_shape
    return bool(shape and any(member.serialization.get("location") == "statusCode" for member in shape.members.values()))


def _content_type(service: str, protocol: str, request: HttpRequest) -> str:
    if protocol == "json":
        asked = request.header("content-type")
        if asked.startswith("application/x-amz-json"):
            return asked
        return f"application/x-amz-json-{model(service).metadata.get('jsonVersion', '1.0')}"
    return {"rest-json": "application/json", "rest-xml": "application/xml"}.get(protocol, "text/xml")


def request_id_headers(service: str, request_id: str) -> HeaderList:
    if service == "s3":
        return [("x-amz-request-id", request_id), ("x-amz-id-2", _S3_HOST_ID)]
    return [("x-amzn-RequestId", request_id)]


def serialise_error(service: str, operation: str | None, error: AwsError, request: HttpRequest, request_id: str) -> HttpResponse:
    """AWS's error body for the protocol the request speaks. ``fields`` are members of the body, ``headers`` are added."""
    protocol = protocol_of(service, request)
    if protocol in ("query", "ec2"):
        response = _query_error(service, error, request_id)
    elif protocol == "rest-xml":
        response = _s3_error(error, request, request_id) if service == "s3" else _query_error(service, error, request_id)
    elif protocol == CBOR:
        document = {"__type": f"{_namespace(service)}#{error.code}", **_members(service, operation, error)}
        response = _cbor_answer(error.status, document, request_id, _query_compatible(service, error))
    else:
        response = _json_error(service, operation, error, protocol, request, request_id)
    response.headers += list(error.headers.items())
    return response


def _json_error(
    service: str, operation: str | None, error: AwsError, protocol: str, request: HttpRequest, request_id: str
) -> HttpResponse:
    members = _members(service, operation, error)
    headers: HeaderList = [("Content-Type", _content_type(service, protocol, request))]
    if protocol == "rest-json":
        headers.append(("x-amzn-ErrorType", error.code))
        document = members
    else:
        prefix = f"{_namespace(service)}#" if service in ("sqs", "dynamodb", "dynamodbstreams", "cloudwatch") else ""
        document = {"__type": f"{prefix}{error.code}", **members}
        headers += _query_compatible(service, error)
    body = json.dumps(document, separators=(",", ":"), default=json_default).encode()
    return HttpResponse(error.status, headers + request_id_headers(service, request_id), body)


@cache
def _namespace(service: str) -> str:
    if service in ("dynamodb", "dynamodbstreams"):
        return "com.amazonaws.dynamodb.v20120810"
    return f"com.amazonaws.{service}"


def _query_compatible(service: str, error: AwsError) -> HeaderList:
    """The old query error code, for the clients of services that moved from the query protocol."""
    if "awsQueryCompatible" not in model(service).metadata:
        return []
    shape = _error_shape(service, error.code)
    code = (shape.metadata.get("error", {}).get("code") if shape is not None else None) or error.code
    return [("x-amzn-query-error", f"{code};{'Receiver' if error.status >= 500 else 'Sender'}")]


def _members(service: str, operation: str | None, error: AwsError) -> dict[str, Any]:
    del operation
    members = dict(error.fields)
    if "message" in members or "Message" in members:
        return members
    return {**members, message_key(service, error.code): error.message}


@cache
def message_key(service: str, code: str) -> str:
    """``Message`` or ``message``: as the service's model spells the member; errors of AWS's front door use the capital."""
    shape = _error_shape(service, code)
    if shape is None:
        return "Message" if code in _CAPITAL_MESSAGE else "message"
    return "Message" if "Message" in shape.members else "message"


@cache
def _error_shape(service: str, code: str) -> Any:
    for shape in model(service).error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")):
            return shape
    return None


def _query_error(service: str, error: AwsError, request_id: str) -> HttpResponse:
    namespace = model(service).metadata.get("xmlNamespace", "")
    fault = "Receiver" if error.status >= 500 else "Sender"
    extra = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in error.fields.items())
    body = (
        f'<ErrorResponse xmlns="{namespace}">\n  <Error>\n    <Type>{fault}</Type>\n    <Code>{escape(error.code)}</Code>\n'
        f"    <Message>{escape(error.message or '')}</Message>\n    {extra}</Error>\n"
        f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    )
    return HttpResponse(error.status, [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)], body.encode())


def _s3_error(error: AwsError, request: HttpRequest, request_id: str) -> HttpResponse:
    headers = [("Content-Type", "application/xml"), *request_id_headers("s3", request_id)]
    if request.method == "HEAD":
        return HttpResponse(error.status, headers)
    extra = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in error.fields.items())
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(error.code)}</Code><Message>{escape(error.message or '')}</Message>{extra}"
        f"<RequestId>{request_id}</RequestId><HostId>{_S3_HOST_ID}</HostId></Error>"
    )
    return HttpResponse(error.status, headers, body.encode())


def _cbor_answer(status: int, document: dict[str, Any], request_id: str, headers: HeaderList) -> HttpResponse:
    own: HeaderList = [("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor"), *headers]
    return HttpResponse(status, own + request_id_headers("", request_id), cbor.encode(document))


def cbor_from_json(service: str, operation: str, response: HttpResponse) -> HttpResponse:
    """moto's JSON answer as the CBOR the client asked for; numbers and timestamps get the types of the output shape."""
    parsers = import_module("botocore.parsers")
    shape = operation_model(service, operation).output_shape
    raw = {"headers": {}, "body": response.body, "status_code": response.status}
    if response.status >= 300:
        document = json.loads(response.body or b"{}")
        query_error = [(key, value) for key, value in response.headers if key.lower() == "x-amzn-query-error"]
        return _cbor_answer(response.status, document, response.header("x-amzn-requestid"), query_error)
    document = parsers.create_parser("json").parse(raw, shape) if shape is not None else {}
    document.pop("ResponseMetadata", None)
    return _cbor_answer(response.status, document, response.header("x-amzn-requestid"), [])


def escape(text: str) -> str:
    """For XML text; quotes may stay."""
    return escape_html(text, quote=False)


def json_default(value: object) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} does not belong in an answer")
