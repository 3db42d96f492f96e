"""Recursive loops: how often one chain of events has come by the same function, written into its trace header.

Lambda stops a chain after "approximately 16" invocations (Lambda guide, "invocation-recursion"; facts I-14). The ``Lineage``
field travels with every call that a function makes through an SDK, and from there into the events of S3 and SNS.
"""

from __future__ import annotations

import zlib

_FIELD = ";Lineage=1:"
_FUNCTIONS_MAX = 16  # of one chain; the oldest is forgotten


def entered(header: str, function_arn: str) -> tuple[str, int]:
    """The header to go on with, and how often the chain has now come by this function."""
    base, counts = _parts(header)
    name = f"{zlib.crc32(function_arn.encode()):08x}"
    count = counts.pop(name, 0) + 1
    counts[name] = count
    kept = list(counts.items())[-_FUNCTIONS_MAX:]
    return base + _FIELD + "|".join(f"{key}:{number}" for key, number in kept), count


def inherited(header: str, parent: str) -> str:
    """A new header that carries on the chain of ``parent``."""
    return _parts(header)[0] + _lineage(parent)


def _lineage(header: str) -> str:
    at = header.find(_FIELD)
    if at < 0:
        return ""
    end = header.find(";", at + 1)
    return header[at:] if end < 0 else header[at:end]


def _parts(header: str) -> tuple[str, dict[str, int]]:
    lineage = _lineage(header)
    counts: dict[str, int] = {}
    for part in lineage.removeprefix(_FIELD).split("|") if lineage else ():
        name, _, number = part.partition(":")
        if number.isdigit():
            counts[name] = int(number)
    return header.replace(lineage, "", 1) if lineage else header, counts
