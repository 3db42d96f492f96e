"""How a check says no: ``expect`` with a sentence for the learner; ``Tally`` where part of it may be right."""

from __future__ import annotations

import math
from types import TracebackType


class NotYet(AssertionError):
    """The work is not there yet. The text is for the learner: what was seen, and what was expected instead."""


class Partly(NotYet):
    """Some of it is there: ``share`` of the points, from 0 to 1."""

    def __init__(self, share: float, message: str) -> None:
        super().__init__(message)
        self.share = share


def expect(condition: object, message: str) -> None:
    """Raise NotYet with ``message`` unless ``condition`` holds."""
    if not condition:
        raise NotYet(message)


class Tally:
    """Several questions that count apart; at the end of the block what was missed is told in one message.

    Questions of one ``part`` count together: all of them or nothing. An ``expect`` inside the block ends it, and then nothing of
    the check counts.
    """

    def __init__(self) -> None:
        self._weights: dict[str, float] = {}
        self._lost: set[str] = set()
        self._missed: list[str] = []

    def expect(self, condition: object, message: str, *, part: str = "", weight: float = 1.0) -> None:
        name = part or f"question {len(self._weights)}"
        self._weights[name] = weight
        if condition:
            return
        self._lost.add(name)
        if message not in self._missed:
            self._missed.append(message)

    def __enter__(self) -> Tally:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and self._missed:
            held = math.fsum(weight for name, weight in self._weights.items() if name not in self._lost)
            raise Partly(held / math.fsum(self._weights.values()), " ".join(self._missed))
