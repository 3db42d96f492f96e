"""AWS's event stream framing, encoding side (Smithy, "application/vnd.amazon.eventstream"): one message, with string headers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

_STRING = 7
MEDIA_TYPE = "application/vnd.amazon.eventstream"


def encode_message(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Prelude (total length, header length, checksum), headers, payload, checksum of all."""
    parts = []
    for name, value in headers.items():
        key, text = name.encode("ascii"), value.encode("utf-8")
        parts.append(struct.pack(f"!B{len(key)}sBH", len(key), key, _STRING, len(text)) + text)
    block = b"".join(parts)
    prelude = struct.pack("!II", 16 + len(block) + len(payload), len(block))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + block + payload
    return message + struct.pack("!I", zlib.crc32(message))


def encode_event(kind: str, payload: bytes, content_type: str = "application/octet-stream") -> bytes:
    return encode_message({":message-type": "event", ":event-type": kind, ":content-type": content_type}, payload)
