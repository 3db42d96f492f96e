"""From a parsed call to moto's handler and back, without sockets and without moto's linear scan over every service."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from sandbox.control_plane import seams
from sandbox.control_plane.wire import ParsedCall, aws_host
from sandbox.control_plane.world import load_service, package_of
from sandbox.errors import AwsError, InternalError
from sandbox.http_message import HttpResponse

Handler = Callable[[Any, str, Any], Any]
_UNIVERSAL = "https://{}{}"


@cache
def _handlers(service: str) -> tuple[tuple[re.Pattern[str], Handler], ...]:
    """The service's URL patterns in moto's order, compiled once."""
    try:
        load_service(service)
        urls = import_module(f"moto.{package_of(service)}.urls")
    except ModuleNotFoundError as error:
        raise AwsError("NotImplemented", f"this account has no {service} service", 501) from error
    return tuple((re.compile(path.format(base)), handler) for base in urls.url_bases for path, handler in urls.url_paths.items())


@cache
def _handler_of_root(service: str, host: str) -> Handler:
    return _match(service, f"https://{host}/")


def _match(service: str, url: str) -> Handler:
    for pattern, handler in _handlers(service):
        if pattern.match(url):
            return handler
    raise AwsError("NotImplemented", f"this account's {service} does not serve {url.split('.com', 1)[-1]}", 501)


def run(call: ParsedCall, account_id: str, region: str, request_id: str) -> HttpResponse:
    """Let moto do it, in the entered world. Raises AwsError for what moto lacks and InternalError for what broke inside moto."""
    seams.current_request_id = request_id
    native = call.native
    host = aws_host(call.service, region)
    environ = native.environ
    environ["HTTP_HOST"] = environ["SERVER_NAME"] = host
    environ["HTTP_X_MOTO_ACCOUNT_ID"] = account_id
    environ.setdefault("HTTP_AUTHORIZATION", "checked by the gate")  # S3 in moto applies ACLs to calls without one
    native.__dict__.pop("host", None)  # werkzeug remembers what it was asked before
    native.__dict__.pop("url", None)
    native.__dict__.pop("url_root", None)
    path = native.raw_path
    handler = _handler_of_root(call.service, host) if path == "/" else _match(call.service, f"https://{host}{path}")
    http_exception = import_module("werkzeug.exceptions").HTTPException
    try:
        answer = handler(native, native.raw_url, native.headers)
    except http_exception as error:
        answer = error.code, dict(error.get_headers()), error.get_body()
    except NotImplementedError as error:
        raise AwsError("NotImplemented", f"{call.service}:{call.operation} is not supported by this account", 501) from error
    except (AwsError, InternalError):
        raise
    except Exception as error:  # anything may break inside moto; the account answers and stays alive
        raise InternalError(f"{call.service}:{call.operation} failed inside moto: {type(error).__name__}: {error}") from error
    return _response(answer)


def _response(answer: Any) -> HttpResponse:
    status, headers, body = answer if isinstance(answer, tuple) and len(answer) == 3 else (200, {}, answer)
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, (bytes, bytearray)):
        body = b"".join(body) if body else b""
    pairs = [(str(key), str(value)) for key, value in headers.items() if key.lower() not in ("status", "x-amzn-requestid")]
    return HttpResponse(int(status), pairs, bytes(body))
