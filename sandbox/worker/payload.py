"""JSON in and out as AWS's Python runtime does it (simplejson's habits, on the standard library's encoder).

Decimals become numbers, named tuples objects, nested ``bytes`` text, NaN stays ``NaN``; a handler that returns ``bytes`` has them
sent as they are. Source: awslambdaric 4.2 ``lambda_runtime_marshaller.py``.
"""

from __future__ import annotations

import decimal
import json
import os
import re
from typing import Any

from .fault import Fault

_LEAVES = frozenset({str, int, float, bool, type(None)})
_MARK = os.urandom(12).hex()
_MARKED = re.compile(f'"{_MARK}([^"]*)"')


def decode(data: bytes) -> Any:
    try:
        return json.loads(data)
    except Exception as error:  # noqa: BLE001 - whatever fails to parse is AWS's UnmarshalError, a RecursionError too
        raise Fault(Fault.UNMARSHAL, f"Unable to unmarshal input: {error}") from None


def encode(value: Any) -> bytes:
    """The payload AWS would send for a handler's return value."""
    if isinstance(value, bytes):
        return value
    try:
        return dumps(value).encode("utf-8", "surrogatepass")
    except Exception as error:  # noqa: BLE001 - as AWS: any failure to encode is the function's MarshalError
        raise Fault(Fault.MARSHAL, f"Unable to marshal response: {error}") from None


def dumps(value: Any) -> str:
    if _needs_rewrite(value):
        value = _rewritten(value)
    encoder = _Encoder(ensure_ascii=False)
    text = encoder.encode(value)
    return _MARKED.sub(r"\1", text) if encoder.marked else text


class _Encoder(json.JSONEncoder):
    """The standard encoder cannot write a number it did not make itself: decimals travel as marked strings."""

    marked = False

    def default(self, o: Any) -> Any:
        if isinstance(o, decimal.Decimal):
            if o.is_nan():
                return float("nan")
            self.marked = True
            return f"{_MARK}{o}"
        if isinstance(o, bytes):
            return o.decode("utf-8")
        return super().default(o)


def _needs_rewrite(value: Any) -> bool:
    """Whether named tuples or ``bytes`` keys are anywhere inside; they are rare, so nothing is copied without need."""
    if type(value) in _LEAVES:
        return False
    stack, seen = [value], set()
    while stack:
        item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, dict):
            if any(type(key) is bytes for key in item):
                return True
            stack.extend(child for child in item.values() if type(child) not in _LEAVES)
        elif isinstance(item, tuple) and hasattr(item, "_asdict"):
            return True
        elif isinstance(item, (list, tuple)):
            stack.extend(child for child in item if type(child) not in _LEAVES)
    return False


def _rewritten(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.decode() if isinstance(key, bytes) else key: _rewritten(child) for key, child in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: _rewritten(child) for key, child in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [_rewritten(child) for child in value]
    return value
