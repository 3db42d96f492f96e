"""AWS's wire protocols as data: request bytes to operation and parameters, results and errors to response bytes.

``parse`` and ``serialise`` know every protocol boto3 and the AWS CLI use. moto's parsers do the JSON, query and REST forms; CBOR
is decoded here and handed on as JSON, because moto 5.2 has no router for it.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote, unquote

from sandbox.control_plane import answer, body_coding, cbor
from sandbox.control_plane.protocol import CBOR, cbor_operation, operation_model, protocol_of, unknown_operation
from sandbox.control_plane.protocol import model as service_model
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest

serialise = answer.serialise
serialise_error = answer.serialise_error

_BUCKET_HOST = re.compile(
    r"^(?P<bucket>.+?)\.(?:s3(?:[.-](?:dualstack|fips))?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.(?:amazonaws\.com|localhost)|localhost)$"
)


@dataclass(slots=True)
class ParsedCall:
    """One API call. ``params`` are botocore's input parameters; ``native``, moto's form of it, is for ``Services`` only."""

    service: str
    operation: str
    params: dict[str, Any]
    protocol: str = ""
    native: Any = field(default=None, repr=False)


def parse(service: str, request: HttpRequest) -> ParsedCall:
    """Raises AwsError (serialise it with ``operation=None``) when the request names no operation or its body is malformed."""
    request = body_coding.plain(service, request)
    protocol = protocol_of(service, request)
    if protocol == CBOR:
        return _parse_cbor(service, request)
    if service == "s3":
        request = path_style(request)
        if request.method == "POST" and request.header("content-type").startswith("multipart/form-data"):
            raise AwsError("NotImplemented", "This account takes no form uploads (POST); use PUT with a presigned address.", 501)
    native = native_request(service, request)
    operation, uri_params = _route(service, protocol, native, request)
    params = _parameters(operation, protocol, native, uri_params)
    if service == "s3" and native.method in ("PUT", "POST") and operation.input_shape and "Body" in operation.input_shape.members:
        params["Body"] = request.body
    return ParsedCall(service, operation.name, params, protocol, native)


def _route(service: str, protocol: str, native: Any, request: HttpRequest) -> tuple[Any, dict[str, Any]]:
    routing = import_module("moto.core.routing")
    try:
        matched: tuple[Any, dict[str, Any]] = _router(service, protocol).match(native)
    except routing.NotFound as error:
        raise unknown_operation(service, request) from error
    return matched


@cache
def _router(service: str, protocol: str) -> Any:
    routing = import_module("moto.core.routing")
    router_class = routing.get_router_class(service, protocol)
    return router_class(service_model(service))


def _parameters(operation: Any, protocol: str, native: Any, uri_params: dict[str, Any]) -> dict[str, Any]:
    parser = _parser(protocol)(operation)
    parts = {
        "method": native.method,
        "values": native.values,
        "headers": native.headers,
        "body": native.data,
        "url_path": native.path,
        "url_params": uri_params,
    }
    try:
        parsed = parser.parse(parts)
    except AwsError:
        raise
    except Exception as error:  # the parser is moto's, the bytes are a stranger's: whatever fails here is the request's fault
        raise malformed(operation.service_model.service_name, protocol, error) from error
    return _without_absent(parsed)


@cache
def _parser(protocol: str) -> Any:
    """moto's parser; where the body is JSON, one that refuses what is not a JSON object instead of passing it on as a message."""
    parser = import_module("moto.core.parse").PROTOCOL_PARSERS[protocol]
    if not protocol.endswith("json"):
        return parser

    def _parse_body_as_json(_self: object, body: bytes) -> Any:
        if not body:
            return {}
        document = json.loads(body)
        if not isinstance(document, dict):
            raise ValueError("the body is not a JSON object")
        return document

    return type(parser.__name__, (parser,), {"_parse_body_as_json": _parse_body_as_json})


def _without_absent(parsed: dict[str, Any]) -> dict[str, Any]:
    """Members whose header or URI part was missing come as None; a URI label cannot be."""
    return {key: value for key, value in parsed.items() if value is not None}


def malformed(service: str, protocol: str, error: Exception) -> AwsError:
    if service == "s3":
        return AwsError(
            "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"
        )
    if service == "lambda":
        return AwsError(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}", fields={"Type": "User"}
        )
    if protocol in ("query", "ec2"):
        return AwsError("MalformedInput", f"The request parameters could not be parsed: {error}")
    return AwsError("SerializationException", f"The request body could not be parsed: {error}")


def require_members(call: ParsedCall) -> None:
    """Raises what AWS says when a required parameter is missing (clients check first, curl does not)."""
    shape = operation_model(call.service, call.operation).input_shape
    for name in shape.required_members if shape is not None else ():
        if call.params.get(name) is None:
            if call.service == "cloudwatch":
                raise AwsError("MissingParameter", f"The parameter {name} is required.")
            member = name[0].lower() + name[1:]
            problem = f"Value null at '{member}' failed to satisfy constraint: Member must not be null"
            raise AwsError("ValidationError", f"1 validation error detected: {problem}")


def _parse_cbor(service: str, request: HttpRequest) -> ParsedCall:
    name = cbor_operation(service, request)
    if name not in service_model(service).operation_names:
        raise unknown_operation(service, request)
    params = cbor.decode(request.body)
    if not isinstance(params, dict):
        raise AwsError("SerializationException", "The request body is not a CBOR map")
    operation = operation_model(service, name)
    metadata = service_model(service).metadata
    body = json.dumps(params, default=answer.json_default).encode()
    replaced = ("content-type", "content-length", "accept", "smithy-protocol")
    headers = [(key, value) for key, value in request.headers if key.lower() not in replaced]
    headers += [
        ("Content-Type", f"application/x-amz-json-{metadata.get('jsonVersion', '1.0')}"),
        ("X-Amz-Target", f"{metadata['targetPrefix']}.{name}"),
        ("Content-Length", str(len(body))),
    ]
    as_json = HttpRequest("POST", "/", "", headers, body, request.source_ip, request.scheme)
    native = native_request(service, as_json)
    return ParsedCall(service, name, _parameters(operation, "json", native, {}), CBOR, native)


def path_style(request: HttpRequest) -> HttpRequest:
    """S3's virtual-host form as its path form: ``bucket.s3.…/key`` becomes ``/bucket/key``."""
    match = _BUCKET_HOST.match(request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else "")
    if match is None or match["bucket"] in ("s3", "www"):
        return request
    path = f"/{match['bucket']}{request.path}"
    headers = [(key, value) for key, value in request.headers if key.lower() != "host"]
    headers.append(("Host", "s3.amazonaws.com"))
    return HttpRequest(request.method, path, request.query, headers, request.body, request.source_ip, request.scheme)


_ENVIRON_KEYS = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_DROPPED = {"host", "transfer-encoding", "expect", "connection"}


def with_body(call: ParsedCall, body: bytes) -> Any:
    """The call's own request for moto, with another body: for a hook to put into ``call.native``."""
    native = call.native
    headers = [(key, value) for key, value in native.headers.items() if key.lower() not in ("host", "content-length")]
    return native_request(call.service, HttpRequest(native.method, native.raw_path, "", headers, body))


def native_request(service: str, request: HttpRequest) -> Any:
    """moto's ``Request`` without its costly builder. The host is AWS's own, so that moto's URL patterns apply."""
    host = aws_host(service, "us-east-1")
    path = quote(request.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "RAW_URI": path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": request.source_ip,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": None,
        "CONTENT_LENGTH": str(len(request.body)),
    }
    preserved: dict[str, str] = {}
    for name, value in request.folded().items():
        if name in _DROPPED or name.startswith("x-moto-"):
            continue  # x-moto-account-id from outside would let a caller choose an account
        key = _ENVIRON_KEYS.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        environ[key] = value
        if "_" in name and name.startswith("x-amz-meta-"):
            preserved[key] = name
    environ["moto.preserved_header_names"] = preserved
    environ["CONTENT_LENGTH"] = str(len(request.body))
    native = import_module("moto.core.request").Request(environ)
    if service == "s3":
        native.get_data(cache=True, parse_form_data=False)  # or a form content type would swallow an object's bytes
    return native


@cache
def aws_host(service: str, region: str) -> str:
    """``sqs.eu-west-1.amazonaws.com``; the global services keep the region, which their patterns allow."""
    prefix = service_model(service).endpoint_prefix
    return f"{prefix}.{region}.amazonaws.com"
