"""CloudWatch Logs for what Lambda writes: cheap appends on the hot path, moved into moto before anybody reads.

Bounded: a group keeps the newest ``EVENTS_MAX`` events and ``STREAMS_MAX`` streams; what is dropped is counted. Retention is
applied by the account's clock whenever the logs are read.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.http_message import HttpResponse

EVENTS_MAX = 20_000
STREAMS_MAX = 2_000

Record = tuple[int, str]  # epoch milliseconds, message
Place = tuple[str, str, str]  # account, region, group
Forward = Callable[[str, str, str, str, list[Record]], None]


class _Group:
    """What is not in moto yet. ``streams`` are names known to exist, in order of creation; ``fresh`` ones moto lacks."""

    __slots__ = ("created_ms", "dropped", "fresh", "pending", "streams")

    def __init__(self) -> None:
        self.created_ms = 0
        self.streams: dict[str, None] = {}
        self.fresh: dict[str, int] = {}
        self.pending: deque[tuple[str, int, str]] = deque(maxlen=EVENTS_MAX)
        self.dropped = 0


class LogStore:
    """Implements telemetry's ``LogSink``. ``forwards`` see every batch as it arrives (subscription filters attach there)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: dict[Place, _Group] = {}
        self._dirty: dict[Place, _Group] = {}
        self.forwards: list[Forward] = []

    def has_group(self, account_id: str, region: str, group: str) -> bool:
        place = (account_id, region, group)
        if place in self._groups:
            return True
        if self._in_moto(place) is None:
            return False
        self._groups[place] = _Group()
        return True

    def has_stream(self, account_id: str, region: str, group: str, stream: str) -> bool:
        place = (account_id, region, group)
        known = self._groups.get(place)
        if known is not None and stream in known.streams:
            return True
        stored = self._in_moto(place)
        if stored is None or stream not in stored.streams:
            return False
        self._groups.setdefault(place, _Group()).streams[stream] = None
        return True

    def create_group(self, account_id: str, region: str, group: str) -> None:
        place = (account_id, region, group)
        known = self._groups[place] = self._dirty[place] = _Group()
        known.created_ms = self._world.clock.now_ms()

    def create_stream(self, account_id: str, region: str, group: str, stream: str) -> None:
        place = (account_id, region, group)
        known = self._dirty[place] = self._groups[place]
        known.streams[stream] = None
        known.fresh[stream] = self._world.clock.now_ms()
        while len(known.streams) > STREAMS_MAX:
            oldest = next(iter(known.streams))
            del known.streams[oldest]
            known.fresh.pop(oldest, None)

    def put(self, account_id: str, region: str, group: str, stream: str, records: list[Record]) -> None:
        place = (account_id, region, group)
        known = self._dirty[place] = self._groups[place]
        pending = known.pending
        excess = len(pending) + len(records) - EVENTS_MAX
        if excess > 0:
            known.dropped += excess
        for at_ms, message in records:
            pending.append((stream, at_ms, message))
        for forward in self.forwards:
            forward(account_id, region, group, stream, records)

    def dropped(self) -> dict[str, int]:
        """Events lost to the bounds, by log group."""
        return {place[2]: group.dropped for place, group in self._groups.items() if group.dropped}

    def clear(self) -> None:
        self._groups.clear()
        self._dirty.clear()

    def flush(self) -> None:
        """Move everything into moto's logs backend; called before any ``logs`` call is answered."""
        if not self._dirty:
            return
        with self._world.entered():
            for place, group in self._dirty.items():
                self._flush_group(place, group)
            self._dirty.clear()

    def before_logs(self, call: ParsedCall, account_id: str, region: str) -> None:
        self.flush()
        if call.operation not in ("CreateLogGroup", "CreateLogStream") and self._world.known("logs"):
            for name, stored in self._world.backend("logs", account_id, region).groups.items():
                self._trim((account_id, region, name), stored)

    def after_logs(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        """A deleted group or stream must be created again by whoever writes next."""
        if response.status < 400 and call.operation in ("DeleteLogGroup", "DeleteLogStream"):
            known = self._groups.get((account_id, region, call.params["logGroupName"]))
            if call.operation == "DeleteLogGroup":
                self._groups.pop((account_id, region, call.params["logGroupName"]), None)
            elif known is not None:
                known.streams.pop(call.params["logStreamName"], None)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _in_moto(self, place: Place) -> Any:
        if not self._world.known("logs"):
            return None
        return self._world.backend("logs", *place[:2]).groups.get(place[2])

    def _flush_group(self, place: Place, group: _Group) -> None:
        backend = self._world.backend("logs", *place[:2])
        backend.ensure_log_group(place[2])
        stored = backend.groups[place[2]]
        if group.created_ms:
            stored.creation_time = _naive(group.created_ms)
            group.created_ms = 0
        by_stream: dict[str, list[Record]] = defaultdict(list)
        for stream, at_ms, message in group.pending:
            by_stream[stream].append((at_ms, message))
        group.pending.clear()
        for stream, created_ms in group.fresh.items():
            backend.ensure_log_stream(place[2], stream)
            stored.streams[stream].creation_time = _naive(created_ms)
        group.fresh.clear()
        for stream, records in by_stream.items():
            if stream not in stored.streams:
                backend.ensure_log_stream(place[2], stream)
            _append(stored.streams[stream], records, self._world.clock.now_ms())
        self._trim(place, stored)

    def _trim(self, place: Place, stored: Any) -> None:
        if stored.retention_in_days:
            oldest = self._world.clock.now_ms() - int(stored.retention_in_days) * 86_400_000
            for stream in stored.streams.values():
                if stream.events and stream.events[0].timestamp < oldest:
                    stream.events = [event for event in stream.events if event.timestamp >= oldest]
        excess = sum(len(stream.events) for stream in stored.streams.values()) - EVENTS_MAX
        if excess > 0:
            self._groups.setdefault(place, _Group()).dropped += excess
        for name in list(stored.streams):
            if excess <= 0 and len(stored.streams) <= STREAMS_MAX:
                return
            stream = stored.streams[name]
            gone = min(max(excess, 0), len(stream.events))
            del stream.events[:gone]
            excess -= gone
            if not stream.events and len(stored.streams) > STREAMS_MAX:
                del stored.streams[name]


def _append(stream: Any, records: list[Record], ingested_ms: int) -> None:
    """As ``LogStream.put_log_events``, without its subscription filters, which would run in the reader's call."""
    make = import_module("moto.logs.models").LogEvent
    stream.last_ingestion_time = _naive(ingested_ms)
    stream.stored_bytes += sum(len(message) for _, message in records)
    stream.upload_sequence_token += 1
    stream.events += [make(ingested_ms, {"timestamp": at_ms, "message": message}) for at_ms, message in records]


def _naive(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).replace(tzinfo=None)
