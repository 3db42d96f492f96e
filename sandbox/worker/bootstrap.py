"""One function's life in an interpreter: load the handler once, then answer one event after the other.

No I/O of its own: records go to a sink, answers are returned. Child processes and the inline runtime both drive this.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass

from . import fault, handler, log_records, payload
from .context import LambdaContext

_UNHANDLED = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare cases, a "
    "Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes, runtime updates can be "
    "triggered by a function change, or can be applied automatically. To determine if the runtime has been updated, check the "
    "runtime version in the INIT_START log entry. If this error correlates with a change in the runtime version, you may be able "
    "to mitigate this error by temporarily rolling back to the previous runtime version. For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)


@dataclass(frozen=True, slots=True)
class Settings:
    handler: str
    log_format: str = "Text"
    log_level: str = ""


@dataclass(slots=True)
class Request:
    request_id: str
    invoked_function_arn: str
    payload: bytes
    remaining_ms: Callable[[], int]
    trace_header: str = ""
    client_context: str = ""
    identity: str = ""
    tenant_id: str = ""


class Bootstrap:
    """The function's runtime. What is not an ``Exception`` (``SystemExit``, a passed deadline) goes through to the caller."""

    def __init__(self, settings: Settings, sink: log_records.Sink, paths: fault.ShownPaths) -> None:
        self._settings = settings
        self._sink = sink
        self._paths = paths
        self._handler: handler.Handler | None = None
        self.scope = log_records.RequestScope()

    def start(self) -> fault.Document | None:
        """INIT: logging, then the handler's module. The error document if that fails, after it was logged."""
        log_records.install(self._sink, self.scope, self._settings.log_format, self._settings.log_level)
        try:
            self._handler = handler.load(self._settings.handler, self._paths)
        except Exception as error:  # noqa: BLE001 - whatever a module raises is the function's init error
            return self._init_error(error)
        return None

    def _init_error(self, error: Exception) -> fault.Document:
        failure = fault.document_of(error, self._paths)
        logging.getLogger().warning(_UNHANDLED)
        self._log_error(failure)
        return failure

    def invoke(self, request: Request) -> tuple[bool, bytes]:
        """Whether it went well, and the result or the error document, as JSON."""
        scope = self.scope
        scope.request_id = request.request_id
        scope.tenant_id = request.tenant_id
        _set_trace(request.trace_header)
        assert self._handler is not None
        try:
            context = LambdaContext(
                request.request_id,
                request.invoked_function_arn,
                request.remaining_ms,
                request.client_context,
                request.identity,
                request.tenant_id,
            )
            return True, payload.encode(self._handler(payload.decode(request.payload), context))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is the function's error
            failure = fault.document_of(error, self._paths, request.request_id)
        self._log_error(failure)
        return False, json.dumps(failure, ensure_ascii=False).encode("utf-8", "replace")

    def _log_error(self, failure: fault.Document) -> None:
        if self._settings.log_format == "JSON":
            self._sink.log(json.dumps(fault.error_fields(failure), ensure_ascii=False))
        else:
            self._sink.log(fault.error_record(failure))


def _set_trace(header: str) -> None:
    """Past ``putenv``: the C library keeps every value it was ever given, a hundred bytes an invocation. So a program that the
    function starts sees the trace only when it is handed ``os.environ``.
    """
    values = os.environ._data  # type: ignore[attr-defined]
    name = os.environ.encodekey("_X_AMZN_TRACE_ID")
    if header:
        values[name] = os.environ.encodevalue(header)
    else:
        values.pop(name, None)
