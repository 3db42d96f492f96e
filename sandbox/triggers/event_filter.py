"""Filter criteria of a mapping: up to five patterns, one of which must match (Lambda guide, invocation-eventfiltering)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.triggers.event_pattern import PatternError, matches, validate
from sandbox.triggers.source import Record


def check_filter(pattern: dict[str, Any]) -> bool:
    """Whether Lambda takes the pattern."""
    try:
        validate(pattern)
    except PatternError:
        return False
    return True


class EventFilter:
    """Without criteria everything is kept."""

    def __init__(self, criteria: Mapping[str, Any] | None) -> None:
        filters = (criteria or {}).get("Filters") or []
        self._patterns: list[dict[str, Any]] = [json.loads(each.get("Pattern") or "{}") for each in filters]

    def keeps(self, record: Record) -> bool:
        return not self._patterns or any(matches(pattern, record.view) for pattern in self._patterns)


def readable(text: str) -> Any:
    """A body or payload as filters see it: an object when it is one, otherwise the text itself."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    return parsed if isinstance(parsed, dict) else text
