"""Filter expressions of GetTraceSummaries, the part of them that courses use: keywords joined by AND.

``fault``, ``error``, ``throttle``, ``ok``, ``partial``, ``!fault``, ``service("name")``, ``responsetime > 0.5``, ``duration``,
``http.status = 200``, ``annotation.key = "value"`` (X-Ray developer guide, "Use filter expressions").
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from sandbox.errors import AwsError
from sandbox.telemetry.traces import Trace, end_of, status_of

CHARS_MAX = 2_000
_FLAG = re.compile(r"^(?P<not>!?)(?P<flag>ok|fault|error|throttle|partial)(\s*=\s*(?P<value>true|false))?$", re.IGNORECASE)
_SERVICE = re.compile(r'^(?P<not>!?)service\(\s*"(?P<name>[^"]*)"\s*\)$', re.IGNORECASE)
_NUMBER = re.compile(r"^(?P<name>responsetime|duration|http\.status)\s*(?P<operator>>=|<=|!=|=|>|<)\s*(?P<value>\d+(\.\d+)?)$")
_NOTE = re.compile(r'^annotation[.\[]"?(?P<name>\w+)"?\]?\s*(?P<operator>!=|=)\s*("(?P<text>[^"]*)"|(?P<plain>[\w.]+))$')
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}

Test = Callable[[Trace], bool]


def trace_filter(text: str) -> Test:
    """InvalidRequestException for what is none."""
    if len(text) > CHARS_MAX:
        raise _invalid("it is too long")
    parts = [part.strip() for part in re.split(r"\s+AND\s+", text.strip(), flags=re.IGNORECASE)] if text.strip() else []
    tests = [_test(part) for part in parts]
    return lambda trace: all(test(trace) for test in tests)


def _test(part: str) -> Test:
    if (match := _FLAG.match(part)) is not None:
        wanted = (match["not"] == "") == ((match["value"] or "true").lower() == "true")
        flag = match["flag"].lower()
        return lambda trace: _flag(trace, flag) is wanted
    if (match := _SERVICE.match(part)) is not None:
        name, there = match["name"], match["not"] == ""
        return lambda trace: any(segment["name"] == name for segment in trace.segments.values()) is there
    if (match := _NUMBER.match(part)) is not None:
        figure, number, compare = match["name"], float(match["value"]), _COMPARE[match["operator"]]
        return lambda trace: (found := _figure(trace, figure)) is not None and compare(found, number)
    if (match := _NOTE.match(part)) is not None:
        return _annotated(match)
    raise _invalid(f"{part!r} is not supported by this account")


def _annotated(match: re.Match[str]) -> Test:
    name, value, compare = (
        match["name"],
        match["text"] if match["text"] is not None else match["plain"],
        _COMPARE[match["operator"]],
    )
    return lambda trace: any(compare(_text(found), value) for found in trace.annotations().get(name, ()))


def _flag(trace: Trace, flag: str) -> bool:
    if flag == "ok":
        return not any(trace.has(other) for other in ("fault", "error", "throttle"))
    return trace.is_partial if flag == "partial" else trace.has(flag)


def _figure(trace: Trace, name: str) -> float | None:
    if name == "duration":
        return trace.end - trace.start
    root = trace.roots[0]
    if name == "responsetime":
        return end_of(root) - float(root["start_time"])
    status = status_of(root)
    return None if status is None else float(status)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _invalid(why: str) -> AwsError:
    return AwsError("InvalidRequestException", f"Invalid filter expression: {why}.")
