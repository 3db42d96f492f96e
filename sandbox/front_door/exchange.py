"""One request's way back: its ``respond``, and the sink of its streamed body."""

from __future__ import annotations

import logging
from typing import Protocol

from sandbox.front_door.http_answer import encode_chunk
from sandbox.http_message import HttpResponse

log = logging.getLogger(__name__)


class Carrier(Protocol):
    """The connection, as an exchange needs it."""

    def answer(self, exchange: Exchange, response: HttpResponse) -> None: ...

    def answered(self, exchange: Exchange) -> None: ...

    def write(self, data: bytes) -> None: ...


class Exchange:
    """The ``respond`` of one request, and the sink of its streamed body; a second answer is a defect and is only logged."""

    __slots__ = ("_connection", "answered", "chunked", "close_after", "head_only")

    def __init__(self, connection: Carrier, head_only: bool, keep_alive: bool, chunked: bool) -> None:
        self._connection: Carrier | None = connection
        self.head_only = head_only
        self.close_after = not keep_alive
        self.chunked = chunked
        self.answered = False

    def __call__(self, response: HttpResponse) -> None:
        if self.answered:
            log.error("a request was answered twice (status %s the second time)", response.status)
            return
        self.answered = True
        if self._connection is not None:
            self._connection.answer(self, response)

    def detach(self) -> None:
        self._connection = None

    def chunk(self, data: bytes) -> None:
        if data and self._connection is not None and not self.head_only:
            self._connection.write(encode_chunk(data) if self.chunked else data)

    def end(self) -> None:
        if self._connection is not None:
            if self.chunked and not self.head_only:
                self._connection.write(b"0\r\n\r\n")
            self._connection.answered(self)
