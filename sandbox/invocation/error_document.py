"""The error documents Lambda itself writes when the function could not: compact JSON, in the order AWS sends the members.

Timeout and exit: recorded answers of 2025-11 (localstack/localstack, test_lambda.snapshot.json). Out of memory: responses quoted
from production in 2026-07 (adobe/helix-html2md-service issue 1001); AWS documents only the REPORT line's error type.
"""

from __future__ import annotations

import json

from sandbox.runtime.environment import InitReport, InvocationReport

TIMED_OUT = "Sandbox.Timedout"
EXITED = "Runtime.ExitError"
OUT_OF_MEMORY = "Runtime.OutOfMemory"
TOO_LARGE = "Function.ResponseSizeTooLarge"

Document = tuple[str, bytes]  # error type, payload


def timed_out(request_id: str, timeout_s: float) -> Document:
    return _document(TIMED_OUT, f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds")


def exited(request_id: str, exit_status: str) -> Document:
    """A clean exit gives no reason; any other status is named (``exit status 1``, ``signal: killed``)."""
    return _document(EXITED, f"RequestId: {request_id} Error: {_how(exit_status)}")


def out_of_memory(request_id: str) -> Document:
    return _document(OUT_OF_MEMORY, f"RequestId: {request_id} Error: {_how('signal: killed')}")


def response_too_large(bytes_max: int) -> Document:
    message = f"Response payload size exceeded maximum allowed payload size ({bytes_max} bytes)."
    return TOO_LARGE, json.dumps({"errorMessage": message, "errorType": TOO_LARGE}, separators=(",", ":")).encode()


def of_crash(report: InvocationReport | InitReport, request_id: str, timeout_s: float) -> Document:
    """For a ``kind`` of timeout, exit or out_of_memory."""
    if report.kind == "timeout":
        return timed_out(request_id, timeout_s)
    if report.kind == "out_of_memory":
        return out_of_memory(request_id)
    return exited(request_id, report.exit_status)


def of_failed_init(report: InitReport, request_id: str, timeout_s: float) -> Document:
    """The runtime's own document for an error in the function's code (its requestId is empty), ours for a crash."""
    if report.kind == "error" and report.error is not None:
        return str(report.error.get("errorType", "Runtime.Unknown")), json.dumps(dict(report.error)).encode()
    return of_crash(report, request_id, timeout_s)


def _how(exit_status: str) -> str:
    if exit_status in ("", "exit status 0"):
        return "Runtime exited without providing a reason"
    return f"Runtime exited with error: {exit_status}"


def _document(error_type: str, message: str) -> Document:
    return error_type, json.dumps({"errorType": error_type, "errorMessage": message}, separators=(",", ":")).encode()
