"""The fields of a log event in Logs Insights: the system's, Lambda's, and what JSON in the message brings.

CloudWatch Logs user guide, "Supported logs and discovered fields". Memory is in bytes of a million to the megabyte, as there.
"""

from __future__ import annotations

import json
import re
from typing import Any

FIELDS_MAX = 200  # "discovers a maximum of 200 log event fields"
_DEPTH_MAX = 20
_LAMBDA = "/aws/lambda/"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_REQUEST = re.compile(rf"(?:RequestId: |\t|^|\s)({_UUID})(?=\s|$)")
_FIGURES = (
    ("@duration", re.compile(r"(?<!Billed )(?<!Init )Duration: ([\d.]+) ms"), 1.0),
    ("@billedDuration", re.compile(r"Billed Duration: ([\d.]+) ms"), 1.0),
    ("@initDuration", re.compile(r"Init Duration: ([\d.]+) ms"), 1.0),
    ("@memorySize", re.compile(r"Memory Size: (\d+) MB"), 1e6),
    ("@maxMemoryUsed", re.compile(r"Max Memory Used: (\d+) MB"), 1e6),
)
_TRACE = re.compile(r"XRAY TraceId: (\S+)")
_TYPES = ("START", "END", "REPORT", "INIT_START", "INIT_REPORT")
_PLATFORM_TYPES = {
    "platform.start": "START",
    "platform.report": "REPORT",
    "platform.runtimeDone": "END",
    "platform.initStart": "INIT_START",
}
_PLATFORM = {
    "durationMs": ("@duration", 1.0),
    "billedDurationMs": ("@billedDuration", 1.0),
    "initDurationMs": ("@initDuration", 1.0),
    "memorySizeMB": ("@memorySize", 1e6),
    "maxMemoryUsedMB": ("@maxMemoryUsed", 1e6),
}


class Moment(float):
    """Epoch milliseconds; shown as a time."""


class Event:
    """One log event as a query sees it. What the message holds is looked for when a field is first asked for."""

    __slots__ = ("_discovered", "_group", "values")

    def __init__(
        self, group: str, account_id: str, stream: str, at_ms: int, ingested_ms: int, message: str, pointer: str
    ) -> None:
        self._group = group
        self._discovered = False
        self.values: dict[str, Any] = {
            "@timestamp": Moment(at_ms),
            "@message": message,
            "@logStream": stream,
            "@log": f"{account_id}:{group}",
            "@ingestionTime": Moment(ingested_ms),
            "@ptr": pointer,
        }

    def get(self, name: str) -> Any:
        """None when the event has no such field."""
        values = self.values
        if name not in values and not self._discovered:
            self._discovered = True
            found = discover(values["@message"], of_lambda=self._group.startswith(_LAMBDA))
            self.values = values = {**found, **values}
        return values.get(name)


def discover(message: str, *, of_lambda: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    start = message.find("{") if of_lambda else 0
    if start >= 0 and message[start : start + 1] == "{":
        try:
            document, _ = json.JSONDecoder().raw_decode(message, start)
        except (ValueError, RecursionError):
            document = None
        if isinstance(document, dict):
            _flatten(document, "", found, 0)
    if of_lambda:
        _of_lambda(message, found)
    return found


def _of_lambda(message: str, found: dict[str, Any]) -> None:
    word = message.split(None, 1)[0] if message.strip() else ""
    if word in _TYPES:
        found["@type"] = word
    request = _REQUEST.search(message[:400])
    if request:
        found["@requestId"] = request[1]
    if word == "REPORT":
        for name, expression, factor in _FIGURES:
            match = expression.search(message)
            if match:
                found[name] = float(match[1]) * factor
        trace = _TRACE.search(message)
        if trace:
            found["@xrayTraceId"] = trace[1]
    elif str(found.get("type", "")).startswith("platform."):
        _of_platform(found)
    elif "requestId" in found and "@requestId" not in found:
        found["@requestId"] = found["requestId"]


def _of_platform(found: dict[str, Any]) -> None:
    kind = str(found["type"])
    if kind in _PLATFORM_TYPES:
        found["@type"] = _PLATFORM_TYPES[kind]
    if "record.requestId" in found:
        found["@requestId"] = found["record.requestId"]
    for member, (name, factor) in _PLATFORM.items():
        value = found.get(f"record.metrics.{member}")
        if isinstance(value, int | float):
            found[name] = float(value) * factor


def _flatten(value: Any, path: str, found: dict[str, Any], depth: int) -> None:
    if depth > _DEPTH_MAX or len(found) >= FIELDS_MAX:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{path}.{key}" if path else str(key), found, depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _flatten(inner, f"{path}.{number}", found, depth + 1)
    elif path and value is not None:
        found[path] = ("true" if value else "false") if isinstance(value, bool) else value
