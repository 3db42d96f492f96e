"""Active tracing: the two segments Lambda sends for an invocation, and the trace header its function sees.

Recorded documents: ``AWS::Lambda`` for the service and, inside it, ``AWS::Lambda::Function`` with Initialization, Invocation and
Overhead. They are sent with the function's role, which needs ``xray:PutTraceSegments`` (Lambda guide, "services-xray").
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.functions.function import FunctionVersion
from sandbox.ids import Ids
from sandbox.invocation.lineage import inherited
from sandbox.telemetry.timeline import Timeline
from sandbox.telemetry.traces import Traces

ACTION = "xray:PutTraceSegments"
_ROOTS_MAX = 4_096
May = Callable[[str, str, str], bool]  # role ARN, action, resource ARN


@dataclass(slots=True)
class Span:
    """A traced invocation under way. ``header`` is what the function sees."""

    trace_id: str
    parent_id: str
    service_id: str
    function_id: str
    header: str

    @property
    def answered(self) -> str:
        """What the caller gets back as ``X-Amzn-Trace-Id``."""
        return f"Root={self.trace_id};Parent={self.service_id};Sampled=1"


class Tracer:
    """``begin`` gives None where there is nothing to trace; ``end`` sends the segments."""

    def __init__(self, traces: Traces, may: May, ids: Ids, timeline: Timeline) -> None:
        self._traces = traces
        self._may = may
        self._ids = ids
        self._timeline = timeline
        self._unsampled: dict[str, None] = {}  # roots that a function upstream was not traced under
        self._complained: set[str] = set()

    def begin(self, version: FunctionVersion, header: str) -> Span | None:
        """PassThrough follows a caller that is sampled; Active samples whatever a caller has not decided against."""
        if "Sampled=1" not in header:
            root = _part(header, "Root")
            if version.tracing_mode != "Active" or root in self._unsampled:
                self._remember(root)
                return None
            parent = ""
        else:
            parent = _part(header, "Parent")
        trace_id = _part(header, "Root")
        function_id = self._ids.hex(16)
        seen = inherited(f"Root={trace_id};Parent={function_id};Sampled=1", header)  # or a traced loop would never be noticed
        return Span(trace_id, parent, self._ids.hex(16), function_id, seen)

    def end(
        self,
        span: Span,
        version: FunctionVersion,
        request_id: str,
        started: float,
        init_ms: float | None,
        duration_ms: float,
        error: dict[str, str] | None,
    ) -> None:
        if not self._may(version.role, ACTION, "*"):
            if version.role not in self._complained:
                self._complained.add(version.role)
                title = f"No trace of {version.name}: the role may not {ACTION}"
                self._timeline.add("logs", title, role=version.role, action=ACTION)
            return
        running = started + (init_ms or 0.0) / 1000
        ended = running + duration_ms / 1000
        service: dict[str, Any] = {
            "id": span.service_id,
            "name": version.name,
            "start_time": started,
            "trace_id": span.trace_id,
            "end_time": ended,
            **({"parent_id": span.parent_id} if span.parent_id else {}),
            "http": {"response": {"status": 200}},
            "aws": {"request_id": request_id},
            "origin": "AWS::Lambda",
            "resource_arn": version.arn,
        }
        function = self._function_segment(span, version, started, running, ended, init_ms)
        if error is not None:
            service["fault"] = function["fault"] = True
            function["cause"] = {"working_directory": "/var/task", "exceptions": [{"id": self._ids.hex(16), **error}]}
        for document in (service, function):
            self._traces.put(version.account_id, version.region, document)

    def clear(self) -> None:
        self._unsampled.clear()
        self._complained.clear()

    def _function_segment(
        self, span: Span, version: FunctionVersion, started: float, running: float, ended: float, init_ms: float | None
    ) -> dict[str, Any]:
        own = {"function_arn": version.arn}
        parts = [("Initialization", started, running)] if init_ms is not None else []
        parts += [("Invocation", running, ended), ("Overhead", ended, ended)]
        return {
            "id": span.function_id,
            "name": version.name,
            "start_time": running,
            "trace_id": span.trace_id,
            "end_time": ended,
            "parent_id": span.service_id,
            "aws": {"account_id": version.account_id, "function_arn": version.arn, "resource_names": [version.name]},
            "origin": "AWS::Lambda::Function",
            "subsegments": [
                {"id": self._ids.hex(16), "name": name, "start_time": start, "end_time": end, "aws": own}
                for name, start, end in parts
            ],
        }

    def _remember(self, root: str) -> None:
        if root and root not in self._unsampled:
            if len(self._unsampled) >= _ROOTS_MAX:
                del self._unsampled[next(iter(self._unsampled))]
            self._unsampled[root] = None


def exception_of(error_type: str, payload: bytes) -> dict[str, str] | None:
    """A segment's exception from a function's error document; None when the function did not fail."""
    if not error_type:
        return None
    try:
        document = json.loads(payload)
    except ValueError:
        document = None
    message = document.get("errorMessage", "") if isinstance(document, dict) else ""
    return {"type": error_type, "message": str(message)}


def _part(header: str, name: str) -> str:
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""
