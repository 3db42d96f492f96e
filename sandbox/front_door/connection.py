"""One client connection: feeds the parser, keeps requests in order, writes answers. Everything a client sends is bounded."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import httptools

from sandbox import facts
from sandbox.front_door.exchange import Exchange
from sandbox.front_door.http_answer import encode_head, refusal
from sandbox.http_message import HeaderList, HttpRequest, HttpResponse, Respond

log = logging.getLogger(__name__)

_PIPELINE_MAX = 16
_LINGER_S = 5.0  # how long a refused client may go on sending before it is cut
_FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Bounds on what one client may send. The body bound lets the service word its own refusal of a zip that is too large."""

    header_bytes_max: int = field(default_factory=lambda: facts.limit("header_bytes"))
    headers_max: int = 1_000
    body_bytes_max: int = 128 * 1024 * 1024
    connections_max: int = 1_000
    head_s_max: float = 20.0
    body_gap_s_max: float = 20.0
    idle_s_max: float = 300.0


class Owner(Protocol):
    """What a connection needs of its server."""

    handle: Callable[[HttpRequest, Respond], None]
    limits: ServerLimits
    closing: bool

    def now(self) -> float: ...

    def opened(self, connection: Connection) -> bool: ...

    def closed(self, connection: Connection) -> None: ...


class Connection(asyncio.Protocol):
    """The parser calls the ``on_*`` methods; the server reads ``deadline`` once a second."""

    def __init__(self, server: Owner) -> None:
        self._server = server
        self._limits = server.limits
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._peer = "127.0.0.1"
        self._queue: deque[tuple[HttpRequest, Exchange]] = deque()
        self._current: Exchange | None = None
        self._refused = False
        self._refuse_with = 0
        self._finishing = False
        self.deadline = _FOREVER
        self._in_head = False
        self._in_body = False
        self._head_bytes = 0  # as received, while a head is incomplete
        self._line_bytes = 0  # as parsed
        self._url = b""
        self._headers: HeaderList = []
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._expects = False

    # -- transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        if peer:
            self._peer = peer[0]
        self.deadline = self._server.now() + self._limits.idle_s_max
        if not self._server.opened(self):
            self._transport = None
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self._transport = None
        self._server.closed(self)
        if self._current is not None:
            self._current.detach()
        for _, exchange in self._queue:
            exchange.detach()
        self._queue.clear()
        self._body.clear()

    def eof_received(self) -> bool:
        """A client may close its half and still wait for the answer (``nc``, ``shutdown``)."""
        self._finishing = True
        return not self._refused and self._current is not None

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            self._decline_upgrade(data[offer.args[0] :])
            return
        except httptools.HttpParserError as error:
            self._refuse(400, "BadRequest", f"this is not an HTTP/1.1 request: {error}")
            return
        if self._in_head and self._head_bytes > self._limits.header_bytes_max:
            self._refuse_with = 431
        if self._refuse_with:
            self._refuse_known()

    def _decline_upgrade(self, rest: bytes) -> None:
        """A server may ignore the offer (RFC 9110 7.8), but the parser stops at the head: it reads the same request once more,
        without the offer and with its body."""
        if self._parser.get_method() == b"CONNECT":
            self._refuse(400, "BadRequest", "this endpoint is no proxy")
            return
        kept = [(name, value) for name, value in self._headers if name.lower() not in ("upgrade", "connection", "http2-settings")]
        lines = [f"{self._parser.get_method().decode('latin-1')} {self._url.decode('latin-1')} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in kept]
        self._parser = httptools.HttpRequestParser(self)
        self.data_received("\r\n".join([*lines, "", ""]).encode("latin-1") + rest)

    # -- parser callbacks

    def on_message_begin(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        self._line_bytes = 0
        self._url = b""
        self._headers = []
        self._body = []
        self._body_bytes = 0
        self._expects = False
        self.deadline = self._server.now() + self._limits.head_s_max

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._line_bytes += len(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            return  # trailers carry nothing we act on
        self._line_bytes += len(name) + len(value)
        if len(self._headers) >= self._limits.headers_max or self._line_bytes > self._limits.header_bytes_max:
            self._refuse_with = 431
            return
        if name in (b"Expect", b"expect") and value.lower() == b"100-continue":
            self._expects = True
        elif len(name) == 14 and name.lower() == b"content-length" and int(value) > self._limits.body_bytes_max:
            self._refuse_with = 413
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._in_body = True
        self._head_bytes = 0
        self.deadline = self._server.now() + self._limits.body_gap_s_max
        if self._expects and not self._refuse_with and self._current is None and not self._parser.should_upgrade():
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._limits.body_bytes_max:
            self._refuse_with = 413
            self._body.clear()
            return
        self._body.append(body)
        self.deadline = self._server.now() + self._limits.body_gap_s_max

    def on_message_complete(self) -> None:
        self._in_body = False
        parser = self._parser
        if self._refuse_with or parser.should_upgrade():
            return
        method = parser.get_method().decode("latin-1")
        path, _, query = self._url.decode("latin-1").partition("?")
        if not path.startswith("/"):
            path = urlsplit(path).path or "/"
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._body = []
        request = HttpRequest(method, path, query, self._headers, body, self._peer)
        exchange = Exchange(self, method == "HEAD", parser.should_keep_alive(), parser.get_http_version() == "1.1")
        if self._current is None:
            self._start(request, exchange)
            return
        self._queue.append((request, exchange))
        if len(self._queue) >= _PIPELINE_MAX and self._transport is not None:
            self._transport.pause_reading()

    # -- answers

    def _start(self, request: HttpRequest, exchange: Exchange) -> None:
        self._current = exchange
        self.deadline = _FOREVER
        try:
            self._server.handle(request, exchange)
        except Exception:
            log.exception("%s %s failed inside the account", request.method, request.path)
            if not exchange.answered:
                exchange(refusal(500, "ServiceFailure", "The account failed on this request; its log has the details."))

    def answer(self, exchange: Exchange, response: HttpResponse) -> None:
        if self._finishing or self._server.closing:
            exchange.close_after = True
        streamed = response.stream
        try:
            head = encode_head(response, exchange.close_after, exchange.chunked, exchange.head_only)
        except ValueError:
            log.exception("an answer could not be written as HTTP")
            response, streamed = refusal(502, "BadGateway", "The answer holds a header that HTTP cannot carry."), None
            head = encode_head(response, exchange.close_after, exchange.chunked, exchange.head_only)
        if streamed is None:
            self.write(head if exchange.head_only else head + response.body)
            self.answered(exchange)
            return
        if not exchange.chunked:
            exchange.close_after = True
        self.write(head)
        streamed(exchange)

    def answered(self, exchange: Exchange) -> None:
        exchange.detach()
        self._current = None
        if self._transport is None:
            return
        if exchange.close_after:
            self._transport.close()
            return
        if self._queue:
            if len(self._queue) == _PIPELINE_MAX:
                self._transport.resume_reading()
            request, following = self._queue.popleft()
            asyncio.get_running_loop().call_soon(self._start_if_open, request, following)
            self._current = following
        elif not (self._in_head or self._in_body):
            self.deadline = self._server.now() + self._limits.idle_s_max
        if self._refused:
            self._linger()

    def _start_if_open(self, request: HttpRequest, exchange: Exchange) -> None:
        if self._transport is not None:
            self._start(request, exchange)

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    # -- refusals

    def _refuse_known(self) -> None:
        limits = self._limits
        if self._refuse_with == 413:
            message = f"Request must be smaller than {limits.body_bytes_max} bytes"
            self._refuse(413, "RequestEntityTooLargeException", message)
        else:
            message = f"A request may have {limits.headers_max} headers and {limits.header_bytes_max} bytes of them"
            self._refuse(431, "RequestHeaderSectionTooLarge", message)

    def _refuse(self, status: int, code: str, message: str) -> None:
        """Answer, then read and forget what the client still sends: closing at once would reset it before it has read why."""
        self._refused = True
        self._body.clear()
        if self._current is None:
            response = refusal(status, code, message)
            self.write(encode_head(response, close=True, chunkable=True, head_only=False) + response.body)
            self._linger()

    def _linger(self) -> None:
        self.deadline = self._server.now() + _LINGER_S
        if self._transport is not None and self._transport.can_write_eof():
            self._transport.write_eof()

    def expire(self) -> None:
        """Called when ``deadline`` has passed: a half-sent request gets a 408, an idle or refused client is cut."""
        if self._transport is None or self._refused or not (self._in_head or self._in_body):
            self.abort()
            return
        self._refuse(408, "RequestTimeout", "The request was not sent completely in time")

    def finish(self) -> None:
        """Close once the running request is answered."""
        self._finishing = True
        if self._current is None and self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
