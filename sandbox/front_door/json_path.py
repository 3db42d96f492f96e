"""The JSONPath that mapping templates use: ``$.a.b[0]``, ``$['a']``, ``$..a`` and ``[*]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_PART = re.compile(r"\.\.(?P<deep>[\w-]+)|\.(?P<name>[\w-]+)|\.?\*|\['(?P<quoted>[^']*)'\]|\[(?P<index>-?\d+)\]|\[\*\]")
_FOUND_MAX = 10_000


def select(document: Any, path: str) -> Any:
    """What the path selects; a list when it can select several; None when there is nothing or the path is no path."""
    at, found, several = 1, [document], False
    if not path.startswith("$"):
        return None
    while at < len(path):
        match = _PART.match(path, at)
        if match is None:
            return None
        several = several or match["deep"] is not None or "*" in match[0]
        found = [inner for row in found for inner in _step(row, match)][:_FOUND_MAX]
        at = match.end()
    if several:
        return found
    return found[0] if found else None


def _step(value: Any, match: re.Match[str]) -> Iterator[Any]:
    if match["deep"] is not None:
        yield from _deep(value, match["deep"])
    elif match["index"] is not None:
        index = int(match["index"])
        if isinstance(value, list) and -len(value) <= index < len(value):
            yield value[index]
    elif "*" in match[0]:
        yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    else:
        name = match["quoted"] if match["quoted"] is not None else match["name"]
        if isinstance(value, dict) and name in value:
            yield value[name]


def _deep(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for inner in value.values():
            yield from _deep(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _deep(inner, name)
