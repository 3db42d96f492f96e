"""Tumbling windows: records of one stretch of time share a state that the function hands on (Lambda guide, "streams-tumbling").

A window ends with one more invocation that carries no records and ``isFinalInvokeForWindow``. A state over 1 MB ends it early.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

STATE_BYTES_MAX = 1_048_576


class TumblingWindow:
    """One lane's windows, of ``length_s`` seconds since the epoch."""

    __slots__ = ("_state", "_terminated", "length_s", "number")

    def __init__(self, length_s: int) -> None:
        self.length_s = length_s
        self.number: int | None = None
        self._state: dict[str, Any] = {}
        self._terminated = False

    @property
    def open(self) -> bool:
        return self.number is not None

    @property
    def ends(self) -> float:
        return ((self.number or 0) + 1) * float(self.length_s)

    def of(self, arrived: float) -> int:
        return int(arrived // self.length_s)

    def enter(self, arrived: float) -> None:
        if self.number is None:
            self.number = self.of(arrived)

    def members(self, shard_id: str, stream_arn: str, *, final: bool) -> dict[str, Any]:
        start = (self.number or 0) * self.length_s
        return {
            "window": {"start": _zulu(start), "end": _zulu(start + self.length_s)},
            "state": self._state,
            "shardId": shard_id,
            "eventSourceARN": stream_arn,
            "isFinalInvokeForWindow": final,
            "isWindowTerminatedEarly": self._terminated,
        }

    def answered(self, payload: bytes, *, final: bool) -> bool:
        """Take the state over; False when the answer has none, which Lambda counts as a failure."""
        if final:
            self.number, self._state, self._terminated = None, {}, False
            return True
        try:
            answer = json.loads(payload or b"null")
        except ValueError:
            return False
        state = answer.get("state") if isinstance(answer, dict) else None
        if not isinstance(state, dict):
            return False
        was_terminated, self._terminated = self._terminated, len(json.dumps(state).encode()) > STATE_BYTES_MAX
        self._state = {} if was_terminated or self._terminated else state
        return True


def _zulu(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
