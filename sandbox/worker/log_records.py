"""The root logger as AWS's Python runtime sets it up: one handler, text or JSON (awslambdaric 4.2, its log utilities)."""

from __future__ import annotations

import json
import logging
import time
import traceback
from typing import Any, Protocol

_TEXT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
_TEXT_DATE = "%Y-%m-%dT%H:%M:%S"
_JSON_DATE = "%Y-%m-%dT%H:%M:%SZ"
_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"aws_request_id", "tenant_id", "message"}


class Sink(Protocol):
    """Where whole records go."""

    def log(self, text: str) -> None: ...


class RequestScope:
    """Which request the runtime is serving; log records carry it."""

    __slots__ = ("request_id", "tenant_id")

    def __init__(self) -> None:
        self.request_id = ""
        self.tenant_id = ""


class LambdaLogHandler(logging.Handler):
    """``log_sink`` is the attribute ``context.log`` and AWS's own libraries look for."""

    def __init__(self, sink: Sink, scope: RequestScope) -> None:
        super().__init__()
        self.log_sink = sink
        self._scope = scope

    def filter(self, record: logging.LogRecord) -> bool:
        record.aws_request_id = self._scope.request_id
        record.tenant_id = self._scope.tenant_id or None
        return bool(super().filter(record))

    def emit(self, record: logging.LogRecord) -> None:
        self.log_sink.log(self.format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a record; ``extra`` fields are kept, values JSON cannot hold become text."""

    def format(self, record: logging.LogRecord) -> str:
        level = min(50, max(0, record.levelno)) // 10 * 10
        kind, value, trace = record.exc_info or (None, None, None)
        as_is = isinstance(record.msg, dict) and not record.args
        fields: dict[str, Any] = {
            "timestamp": self.formatTime(record, _JSON_DATE),
            "level": logging.getLevelName(level),
            "message": record.msg if as_is else record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(trace) if record.exc_info else None,
            "errorType": kind.__name__ if kind else None,
            "errorMessage": str(value) if record.exc_info else None,
            "requestId": getattr(record, "aws_request_id", None),
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if record.exc_info else None,
            "tenantId": getattr(record, "tenant_id", None),
        }
        for key, extra in record.__dict__.items():
            if key not in _STANDARD and key not in fields:
                fields[key] = extra
        return json.dumps({key: field for key, field in fields.items() if field is not None}, ensure_ascii=False, default=str)


def install(sink: Sink, scope: RequestScope, log_format: str, level: str) -> LambdaLogHandler:
    """Put AWS's handler on the root logger. ``level`` is the application log level, empty for logging's default."""
    logging.Formatter.converter = time.gmtime  # as AWS does: all formatters of the process speak UTC
    handler = LambdaLogHandler(sink, scope)
    handler.setFormatter(JsonFormatter() if log_format == "JSON" else logging.Formatter(_TEXT, _TEXT_DATE))
    root = logging.getLogger()
    wanted = {"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(level.upper(), level.upper())
    if wanted in logging.getLevelNamesMapping():
        root.setLevel(wanted)
    root.addHandler(handler)
    return handler
