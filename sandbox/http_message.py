"""HTTP as data: what a front door reads and what the account answers. No sockets here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl

HeaderList = list[tuple[str, str]]


@dataclass(slots=True)
class HttpRequest:
    """One request. ``path`` and ``query`` are as they arrived (percent-encoded, no ``?``); header names keep their case."""

    method: str
    path: str
    query: str
    headers: HeaderList
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    scheme: str = "http"
    _folded: dict[str, str] | None = field(default=None, repr=False)

    def header(self, name: str, default: str = "") -> str:
        """Value by case-insensitive name; repeated headers are joined with a comma (RFC 9110 5.3)."""
        return self.folded().get(name.lower(), default)

    def folded(self) -> dict[str, str]:
        """Headers by lower-case name, computed once."""
        if self._folded is None:
            folded: dict[str, str] = {}
            for key, value in self.headers:
                key = key.lower()
                folded[key] = f"{folded[key]},{value}" if key in folded else value
            self._folded = folded
        return self._folded

    @property
    def host(self) -> str:
        return self.header("host")

    def query_pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)


class ChunkSink(Protocol):
    """Where a streamed body goes: ``chunk`` any number of times, then ``end`` once."""

    def chunk(self, data: bytes) -> None: ...

    def end(self) -> None: ...


@dataclass(slots=True)
class HttpResponse:
    """One answer. ``stream`` (instead of ``body``) is called once with the sink when the head has been sent."""

    status: int
    headers: HeaderList = field(default_factory=list)
    body: bytes = b""
    stream: Callable[[ChunkSink], None] | None = None

    def header(self, name: str, default: str = "") -> str:
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), default)


Respond = Callable[[HttpResponse], None]


def headers_of(pairs: Iterable[tuple[str, str]]) -> HeaderList:
    return [(str(key), str(value)) for key, value in pairs]
