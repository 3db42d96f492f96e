"""Between whoever produces a streamed body and the connection: pieces wait here until the head has been sent."""

from __future__ import annotations

from sandbox.http_message import ChunkSink


class StreamedBody:
    """``chunk`` and ``end`` may be called before ``attach``; ``attach`` is what ``HttpResponse.stream`` wants."""

    __slots__ = ("_ended", "_sink", "_waiting")

    def __init__(self) -> None:
        self._sink: ChunkSink | None = None
        self._waiting: list[bytes] = []
        self._ended = False

    def attach(self, sink: ChunkSink) -> None:
        self._sink = sink
        for data in self._waiting:
            sink.chunk(data)
        self._waiting.clear()
        if self._ended:
            sink.end()

    def chunk(self, data: bytes) -> None:
        if self._sink is None:
            self._waiting.append(data)
        else:
            self._sink.chunk(data)

    def end(self) -> None:
        self._ended = True
        if self._sink is not None:
            self._sink.end()


class Collector:
    """A sink for a door that has no connection: the whole body at the end."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.ended = False

    def chunk(self, data: bytes) -> None:
        self.parts.append(data)

    def end(self) -> None:
        self.ended = True

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)
