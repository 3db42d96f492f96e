"""CBOR (RFC 8949) as the smithy RPC protocol uses it: boto3 speaks it to CloudWatch, CodeDeploy and the tagging API."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime
from typing import Any

from sandbox.errors import AwsError

_DEPTH_MAX = 64
_SIMPLE = {20: False, 21: True, 22: None, 23: None}
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
_BREAK = object()


def decode(data: bytes) -> Any:
    """A document as Python values; timestamps (tag 1) become aware datetimes. Malformed bytes are the caller's mistake."""
    if not data:
        return {}
    try:
        value, _ = _item(data, 0, 0)
    except (IndexError, struct.error, UnicodeDecodeError, TypeError, OverflowError) as error:
        raise AwsError("SerializationException", "The request body is not valid CBOR") from error
    return value


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > _DEPTH_MAX:
        raise AwsError("SerializationException", "The request body is nested too deeply")
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        return _simple(data, at, info)
    if info == 31:
        return _indefinite(data, at, major, depth)
    length, at = _argument(data, at, info)
    if major == 0:
        return length, at
    if major == 1:
        return -1 - length, at
    if major in (2, 3):
        if at + length > len(data):
            raise IndexError
        raw = bytes(data[at : at + length])
        return (raw if major == 2 else raw.decode()), at + length
    if major == 6:
        return _tagged(data, at, length, depth)
    return _collection(data, at, major, length, depth)


def _argument(data: bytes, at: int, info: int) -> tuple[int, int]:
    if info < 24:
        return info, at
    size = 1 << (info - 24)
    if size > 8 or at + size > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + size], "big"), at + size


def _simple(data: bytes, at: int, info: int) -> tuple[Any, int]:
    if info == 31:
        return _BREAK, at
    if info in _FLOATS:
        form, size = _FLOATS[info]
        return struct.unpack_from(form, data, at)[0], at + size
    if info not in _SIMPLE:
        raise IndexError
    return _SIMPLE[info], at


def _tagged(data: bytes, at: int, tag: int, depth: int) -> tuple[Any, int]:
    value, at = _item(data, at, depth + 1)
    if tag == 1:
        return datetime.fromtimestamp(value, UTC), at
    return value, at


def _collection(data: bytes, at: int, major: int, length: int, depth: int) -> tuple[Any, int]:
    if length > len(data):  # each member takes a byte at least
        raise IndexError
    flat = []
    for _ in range(length * (2 if major == 5 else 1)):
        value, at = _item(data, at, depth + 1)
        flat.append(value)
    return (dict(zip(flat[::2], flat[1::2], strict=True)) if major == 5 else flat), at


def _indefinite(data: bytes, at: int, major: int, depth: int) -> tuple[Any, int]:
    parts: list[Any] = []
    while True:
        value, at = _item(data, at, depth + 1)
        if value is _BREAK:
            break
        parts.append(value)
    if major == 2:
        return b"".join(parts), at
    if major == 3:
        return "".join(parts), at
    if major == 5:
        return dict(zip(parts[::2], parts[1::2], strict=False)), at
    return parts, at


def encode(value: Any) -> bytes:
    out = bytearray()
    _write(out, value)
    return bytes(out)


def _head(out: bytearray, major: int, argument: int) -> None:
    if argument < 24:
        out.append(major << 5 | argument)
        return
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            out.append(major << 5 | info)
            out += argument.to_bytes(size, "big")
            return
    raise OverflowError(argument)


def _write(out: bytearray, value: Any) -> None:
    if value is None or isinstance(value, bool):
        out.append({None: 0xF6, True: 0xF5, False: 0xF4}[value])
    elif isinstance(value, int):
        _head(out, *((0, value) if value >= 0 else (1, -1 - value)))
    elif isinstance(value, float):
        out += b"\xf9\x7e\x00" if math.isnan(value) else b"\xfb" + struct.pack(">d", value)
    elif isinstance(value, datetime):
        out.append(0xC1)
        _write(out, value.timestamp())
    elif isinstance(value, (bytes, bytearray)):
        _head(out, 2, len(value))
        out += value
    elif isinstance(value, str):
        raw = value.encode()
        _head(out, 3, len(raw))
        out += raw
    elif isinstance(value, dict):
        members = {key: member for key, member in value.items() if member is not None}
        _head(out, 5, len(members))
        for key, member in members.items():
            _write(out, str(key))
            _write(out, member)
    else:
        members_list = list(value)
        _head(out, 4, len(members_list))
        for member in members_list:
            _write(out, member)
