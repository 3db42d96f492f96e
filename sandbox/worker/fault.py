"""What AWS's Python runtime says when it cannot run a handler: fault types, error documents, the ``[ERROR]`` record.

Shapes follow awslambdaric 4.2 (``bootstrap.py``, ``lambda_runtime_exception.py``).
"""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

NO_BREAK_SPACE = "\u00a0"
# As tracebacks name it: in the page this package is compiled ahead, and ``__file__`` is another place.
_HERE = str(Path((lambda: None).__code__.co_filename).parent)

Document = dict[str, Any]


class Fault(Exception):
    """A failure of the runtime's own, with AWS's error type; ``trace`` is the ready-made stack trace, if any."""

    MARSHAL = "Runtime.MarshalError"
    UNMARSHAL = "Runtime.UnmarshalError"
    SYNTAX = "Runtime.UserCodeSyntaxError"
    HANDLER_NOT_FOUND = "Runtime.HandlerNotFound"
    IMPORT_MODULE = "Runtime.ImportModuleError"
    BUILT_IN_CONFLICT = "Runtime.BuiltInModuleConflict"
    MALFORMED_HANDLER = "Runtime.MalformedHandlerName"
    CONTEXT = "Runtime.LambdaContextUnmarshalError"

    def __init__(self, error_type: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace


class ShownPaths:
    """Host directories as a function on AWS would see them; the longest prefix wins."""

    def __init__(self, pairs: dict[str, str] | None = None) -> None:
        self._pairs = sorted({_HERE: "/var/runtime", **(pairs or {})}.items(), key=lambda pair: -len(pair[0]))

    def shown(self, filename: str) -> str:
        for real, virtual in self._pairs:
            if filename.startswith(real) and filename[len(real) : len(real) + 1] in ("", "/"):
                return virtual + filename[len(real) :]
        return filename

    def stack(self, trace: TracebackType | None) -> list[str]:
        """``traceback.format_list`` without the runtime's own frames at the top."""
        rows = [(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in traceback.extract_tb(trace)]
        foreign = next((index for index, row in enumerate(rows) if not row[0].startswith(_HERE)), 0)
        return traceback.format_list([(self.shown(name), line, function, text) for name, line, function, text in rows[foreign:]])


def document(message: str, error_type: str, stack: list[str] | None, request_id: str = "") -> Document:
    return {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": stack or []}


def document_of(error: BaseException, paths: ShownPaths, request_id: str = "") -> Document:
    if isinstance(error, Fault):
        return document(error.message, error.error_type, error.trace, request_id)
    return document(str(error), type(error).__name__, paths.stack(error.__traceback__), request_id)


def _indented(line: str) -> str:
    """Leading spaces become no-break spaces, or CloudWatch's console would swallow them."""
    bare = line.lstrip(" ")
    return NO_BREAK_SPACE * (len(line) - len(bare)) + bare


def error_record(error: Document) -> str:
    """The one log record of an uncaught error, in the text log format."""
    first = "[ERROR]"
    if error["errorType"]:
        first += f" {error['errorType']}"
    if error["errorMessage"]:
        first += (":" if error["errorType"] else "") + f" {error['errorMessage']}"
    lines = [first, "Traceback (most recent call last):"]
    for element in error["stackTrace"]:
        lines += [_indented(line) for line in element.splitlines()] if element else [""]
    return "\n".join(lines)


def error_fields(error: Document) -> Document:
    """The same in the JSON log format."""
    return {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time())), "level": "ERROR", **error}


def language_paths() -> dict[str, str]:
    """Where this interpreter lives, shown as AWS's ``/var/lang``."""
    return {} if sys.base_prefix in ("", "/") else {sys.base_prefix: "/var/lang"}
