"""X-Ray: segment documents by trace, their summaries and the graph of services they make (X-Ray developer guide, "Segment
documents"). Every request that may be traced is: there is no sampling rate here, so that a learner's one request has a trace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TRACES_MAX = 2_000  # the newest are kept
SEGMENTS_MAX = 200  # of one trace
DOCUMENT_BYTES_MAX = 65_536  # X-Ray quotas
DEPTH_MAX = 50
_TIME_MAX = 253_402_300_800  # the year 10,000
_TRACE_ID = re.compile(r"^1-[0-9a-f]{8}-[0-9a-f]{24}$")
_SEGMENT_ID = re.compile(r"^[0-9a-f]{16}$")
_NAME = re.compile(r"^[\w\s.:/%&#=+\\\-@]{1,200}$")

Place = tuple[str, str]  # account, region
Document = dict[str, Any]


class BadSegment(ValueError):
    """Why a document is not taken; ``id`` is its segment's, if it has one."""

    def __init__(self, code: str, message: str, segment_id: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.id = segment_id


@dataclass(slots=True)
class Trace:
    id: str
    segments: dict[str, Document] = field(default_factory=dict)

    @property
    def start(self) -> float:
        return min(float(segment["start_time"]) for segment in self.segments.values())

    @property
    def end(self) -> float:
        return max(end_of(segment) for segment in self.segments.values())

    @property
    def is_partial(self) -> bool:
        return any(segment.get("in_progress") for segment in self.segments.values())

    @property
    def roots(self) -> list[Document]:
        """Segments whose parent is not in the trace, first come first."""
        inside = {one["id"] for segment in self.segments.values() for one in walk(segment)}
        found = [segment for segment in self.segments.values() if segment.get("parent_id") not in inside]
        return sorted(found, key=lambda segment: float(segment["start_time"]))

    def has(self, flag: str) -> bool:
        return any(one.get(flag) for segment in self.segments.values() for one in walk(segment))

    def annotations(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for segment in self.segments.values():
            for one in walk(segment):
                for key, value in one.get("annotations", {}).items():
                    found.setdefault(key, []).append(value)
        return found


class Traces:
    def __init__(self) -> None:
        self._traces: dict[Place, dict[str, Trace]] = {}
        self.dropped = 0

    def put_text(self, account_id: str, region: str, text: str) -> None:
        """One document of PutTraceSegments. Raises BadSegment."""
        self.put(account_id, region, checked(text))

    def put(self, account_id: str, region: str, document: Document) -> None:
        traces = self._traces.setdefault((account_id, region), {})
        trace = traces.get(document["trace_id"])
        if trace is None:
            trace = traces[document["trace_id"]] = Trace(document["trace_id"])
            if len(traces) > TRACES_MAX:
                del traces[next(iter(traces))]
                self.dropped += 1
        if len(trace.segments) < SEGMENTS_MAX or document["id"] in trace.segments:
            trace.segments[document["id"]] = document

    def find(self, account_id: str, region: str, trace_id: str) -> Trace | None:
        return self._traces.get((account_id, region), {}).get(trace_id)

    def between(self, account_id: str, region: str, start: float, end: float) -> list[Trace]:
        """Traces that began in the time, oldest first."""
        found = self._traces.get((account_id, region), {}).values()
        return sorted((trace for trace in found if start <= trace.start <= end), key=lambda trace: trace.start)

    def clear(self) -> None:
        self._traces.clear()
        self.dropped = 0


def end_of(segment: Document) -> float:
    """Its start while it is in progress."""
    return float(segment.get("end_time") or segment["start_time"])


def status_of(segment: Document) -> int | None:
    """The HTTP status it answered with."""
    status = (segment.get("http", {}).get("response") or {}).get("status")
    return int(status) if isinstance(status, int | float) else None


def walk(segment: Document) -> Iterator[Document]:
    """A segment and its subsegments."""
    yield segment
    for inner in segment.get("subsegments", ()):
        yield from walk(inner)


def checked(text: str) -> Document:
    """The document of a segment (or of a subsegment sent by itself); BadSegment says what X-Ray would not take."""
    if len(text.encode()) > DOCUMENT_BYTES_MAX:
        raise BadSegment("DocumentTooLarge", "The segment document is larger than 64 kB")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BadSegment("ParseError", "Invalid segment. ErrorCode: ParseError") from None
    if not isinstance(document, dict):
        raise BadSegment("ParseError", "Invalid segment. ErrorCode: ParseError")
    segment_id = document.get("id")
    shown = segment_id if isinstance(segment_id, str) else ""
    for name, expression in (("id", _SEGMENT_ID), ("trace_id", _TRACE_ID), ("name", _NAME)):
        value = document.get(name)
        if value is None:
            raise BadSegment(f"Missing{_camel(name)}", f"Invalid segment. ErrorCode: Missing{_camel(name)}", shown)
        if not isinstance(value, str) or not expression.match(value):
            raise BadSegment(f"Invalid{_camel(name)}", f"Invalid segment. ErrorCode: Invalid{_camel(name)}", shown)
    _check_times(document, shown)
    _check_members(document, shown, 0)
    return document


def _check_members(document: Document, shown: str, depth: int) -> None:
    """What readers of traces rely on: objects where objects belong, subsegments with id, name and start."""
    response = (document.get("http") or {}).get("response") if isinstance(document.get("http", {}), dict) else None
    members = [document[name] for name in ("http", "aws", "annotations", "metadata") if name in document]
    inner = document.get("subsegments", [])
    sound = all(isinstance(member, dict) for member in members) and isinstance(inner, list) and depth < DEPTH_MAX
    if not sound or not (response is None or isinstance(response, dict)):
        raise BadSegment("InvalidDocument", "Invalid segment. ErrorCode: InvalidDocument", shown)
    for one in inner:
        named = isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("name"), str)
        if not named or not _is_time(one.get("start_time")) or not _is_time(one.get("end_time", 0)):
            raise BadSegment("InvalidSubsegment", "Invalid segment. ErrorCode: InvalidSubsegment", shown)
        _check_members(one, shown, depth + 1)


def _check_times(document: Document, shown: str) -> None:
    start, end = document.get("start_time"), document.get("end_time")
    if not _is_time(start):
        raise BadSegment("MissingStartTime", "Invalid segment. ErrorCode: MissingStartTime", shown)
    if end is None and not document.get("in_progress"):
        raise BadSegment("MissingEndTime", "Invalid segment. ErrorCode: MissingEndTime", shown)
    if end is not None and not _is_time(end):
        raise BadSegment("InvalidEndTime", "Invalid segment. ErrorCode: InvalidEndTime", shown)


def _is_time(value: object) -> bool:
    """A time: a number, and one that a calendar has."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _TIME_MAX


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
