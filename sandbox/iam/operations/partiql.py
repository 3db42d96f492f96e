"""Just enough of PartiQL to say what a statement does to which table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Verb = Literal["Select", "Insert", "Update", "Delete"]
_NAME: Final = r"(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_\-]+))"
_PATTERNS: Final[tuple[tuple[Verb, re.Pattern[str]], ...]] = (
    ("Insert", re.compile(rf"\s*INSERT\s+INTO\s+{_NAME}", re.IGNORECASE)),
    ("Update", re.compile(rf"\s*UPDATE\s+{_NAME}", re.IGNORECASE)),
    ("Delete", re.compile(rf"\s*DELETE\s+FROM\s+{_NAME}", re.IGNORECASE)),
)
_FROM: Final = re.compile(rf"\bFROM\s+{_NAME}(?:\s*\.\s*{_NAME})?", re.IGNORECASE)
_WHERE: Final = re.compile(r"\bWHERE\b", re.IGNORECASE)
_EQUALITY: Final = re.compile(r"=|\bIN\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """``full_scan``: a SELECT without an equality in its WHERE reads the whole table."""

    verb: Verb
    table: str
    index: str = ""
    full_scan: bool = False


def read(text: str) -> Statement:
    for verb, pattern in _PATTERNS:
        if hit := pattern.match(text):
            return Statement(verb, _first(hit.groups()))
    hit = _FROM.search(text)
    if hit is None:
        return Statement("Select", "")
    groups = hit.groups()
    rest = text[hit.end() :]
    where = _WHERE.search(rest)
    scan = where is None or _EQUALITY.search(rest, where.end()) is None
    return Statement("Select", _first(groups[:3]), _first(groups[3:]), scan)


def _first(groups: tuple[str | None, ...]) -> str:
    return next((group for group in groups if group), "")
