"""Texts in and out of a Logs Insights query: what a glob of ``parse`` takes out of a message, how a result is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.telemetry.insights_fields import Moment
from sandbox.telemetry.insights_values import shown

_MOMENT_MAX = 253_402_300_800_000  # the year 10,000


def between(pieces: Sequence[str], text: str) -> list[str]:
    """The text between the pieces, shortest first; empty when they are not there in this order."""
    start = text.find(pieces[0])
    if start < 0:
        return []
    position = start + len(pieces[0])
    found = []
    for index, piece in enumerate(pieces[1:], 1):
        last = index == len(pieces) - 1
        end = len(text.rstrip("\n")) if last and not piece else text.find(piece, position)
        if end < 0:
            return []
        found.append(text[position:end])
        position = end + len(piece)
    return found


def output(value: Any) -> str:
    if isinstance(value, Moment) and 0 <= value < _MOMENT_MAX:
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{int(value) % 1000:03d}"
    return shown(value)
