"""Length-prefixed frames over a pipe: one byte of kind, four of length, the body. Pure data."""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEAD = struct.Struct("!BI")
RESULT = struct.Struct("!III")  # duration in µs, peak memory in KB, bytes written to the log pipe
STAMP = struct.Struct("!d")  # a log frame's time, epoch seconds
STATUS = struct.Struct("!BxxxIiI")  # the fork server's messages: kind, environment, status, process id

# account -> child
EVENT, SPEC = 1, 2
# child -> account
READY, FAILED, RESULT_OK, RESULT_ERROR, LOG, DRAIN, RESULT_FATAL = 16, 17, 18, 19, 20, 21, 22  # the last: and I am gone
# fork server and keepers -> account
HELLO, STARTED, EXITED, GONE = 1, 2, 3, 4

NAMESPACES, PATHS = 1, 0  # status of HELLO


class FrameError(Exception):
    """The other side does not speak this protocol, or sent more than was agreed."""


def pack(kind: int, body: bytes) -> bytes:
    return HEAD.pack(kind, len(body)) + body


class FrameReader:
    """Bytes in, whole frames out. ``bytes_max`` bounds one frame."""

    __slots__ = ("_buffer", "_bytes_max")

    def __init__(self, bytes_max: int) -> None:
        self._buffer = bytearray()
        self._bytes_max = bytes_max

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Whole frames only; the usual case, one read with one frame, copies nothing."""
        if not self._buffer and len(data) >= HEAD.size:
            kind, length = HEAD.unpack_from(data)
            if HEAD.size + length == len(data) and length <= self._bytes_max:
                yield kind, data[HEAD.size :]
                return
        self._buffer += data
        yield from self._split()

    def _split(self) -> Iterator[tuple[int, bytes]]:
        start = 0
        buffer = self._buffer
        try:
            while len(buffer) - start >= HEAD.size:
                kind, length = HEAD.unpack_from(buffer, start)
                if length > self._bytes_max:
                    raise FrameError(f"a frame of {length} bytes; {self._bytes_max} were agreed")
                end = start + HEAD.size + length
                if len(buffer) < end:
                    break
                body = bytes(buffer[start + HEAD.size : end])
                start = end
                yield kind, body
        finally:
            del buffer[:start]


def pack_event(fields: tuple[str, ...], payload: bytes) -> bytes:
    """Text fields, which never hold NUL, then the payload."""
    head = "\0".join(fields).encode()
    return HEAD.pack(EVENT, 4 + len(head) + len(payload)) + len(head).to_bytes(4, "big") + head + payload


def unpack_event(body: bytes) -> tuple[list[str], bytes]:
    end = 4 + int.from_bytes(body[:4], "big")
    return body[4:end].decode().split("\0"), body[end:]
