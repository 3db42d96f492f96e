"""What a check has to say about a place in the content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``message`` says what is wrong and how to mend it. A ``gap`` is something not written yet rather than something wrong."""

    path: str
    line: int
    rule: str
    message: str
    gap: bool = False

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.rule}: {self.message}"
