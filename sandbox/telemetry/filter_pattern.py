"""CloudWatch Logs filter patterns: terms, JSON conditions and space-delimited fields, for metric and subscription filters.

CloudWatch Logs user guide, "Filter pattern syntax". Terms are case sensitive and are looked for anywhere in the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sandbox.telemetry.filter_condition import (
    ABSENT,
    PATTERN_CHARS_MAX,
    Condition,
    ConditionReader,
    PatternRefused,
    Several,
    regex,
)

__all__ = ["FilterPattern", "PatternRefused", "compiled"]

_TERM = re.compile(r"""\s*(?P<sign>[?-]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<bare>[^\s"]+))""")
_FIELD = re.compile(r'\s*(?:\[(?P<date>[^\]]*)\]|"(?P<quoted>[^"]*)"|(?P<plain>\S+))')
_STEP = re.compile(r"""\.(?P<name>[^.\[\]\s]+)|\[(?P<index>\d+|\*)\]|\[["'](?P<key>[^"']+)["']\]""")
_NAME = re.compile(r"[^\s=!<>&|()]+")
_ELLIPSIS = "..."


class FilterPattern:
    """``matches`` decides; ``fields`` and ``value`` give what a metric filter may take as its value or dimensions."""

    def __init__(self, text: str, matches: Callable[[str], bool], names: tuple[str, ...] = ()) -> None:
        self.text = text
        self.matches = matches
        self._names = names

    def fields(self, message: str) -> dict[str, str]:
        """The named fields of a space-delimited pattern, in one message that matches."""
        return _assigned(self._names, _split(message)) or {}

    @staticmethod
    def value(message: str, selector: str) -> Any:
        """What ``$.a.b[0]`` selects in a JSON message; None when there is nothing."""
        found = _select(_as_json(message), selector)
        return None if found is ABSENT else found


@lru_cache(maxsize=512)
def compiled(text: str) -> FilterPattern:
    """Raises PatternRefused for what CloudWatch Logs would not take. The empty pattern matches everything."""
    stripped = text.strip()
    if len(text) > PATTERN_CHARS_MAX:
        raise PatternRefused(f"a pattern has at most {PATTERN_CHARS_MAX} characters")
    if stripped.startswith("{"):
        if not stripped.endswith("}"):
            raise PatternRefused("a JSON pattern ends with a brace")
        return FilterPattern(text, _json_matcher(ConditionReader(stripped[1:-1]).read()))
    if stripped.startswith("["):
        if not stripped.endswith("]"):
            raise PatternRefused("a pattern of fields ends with a bracket")
        return _of_fields(text, stripped[1:-1])
    return FilterPattern(text, _term_matcher(stripped))


def _term_matcher(text: str) -> Callable[[str], bool]:
    required: list[Callable[[str], bool]] = []
    optional: list[Callable[[str], bool]] = []
    excluded: list[Callable[[str], bool]] = []
    at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None:
            raise PatternRefused(f"cannot read {text[at : at + 20]!r}; is a quote missing?")
        at = match.end()
        {"?": optional, "-": excluded, "": required}[match["sign"]].append(_term(match))
    if required:
        optional = []  # "CloudWatch Logs ignores optional terms next to required ones"

    def matches(message: str) -> bool:
        wanted = all(term(message) for term in required) and (not optional or any(term(message) for term in optional))
        return wanted and not any(term(message) for term in excluded)

    return matches


def _term(match: re.Match[str]) -> Callable[[str], bool]:
    if match["regex"] is not None:
        expression = regex(match["regex"])
        return lambda message: expression.search(message) is not None
    word = match["bare"] if match["quoted"] is None else re.sub(r"\\(.)", r"\1", match["quoted"])
    return lambda message: word in message


def _json_matcher(condition: Condition) -> Callable[[str], bool]:
    def matches(message: str) -> bool:
        document = _as_json(message)
        return document is not ABSENT and condition(lambda selector: _select(document, selector))

    return matches


def _of_fields(text: str, inside: str) -> FilterPattern:
    names, conditions = [], list[Condition]()
    for part in inside.split(","):
        described = part.strip()
        match = _NAME.match(described.lstrip("("))
        if match is None:
            raise PatternRefused("every field of a pattern has a name")
        names.append(match[0])
        if match[0] != described:
            conditions.append(ConditionReader(described).read())
    order = tuple(names)
    if order.count(_ELLIPSIS) > 1:
        raise PatternRefused("a pattern has one ellipsis at most")

    def matches(message: str) -> bool:
        found = _assigned(order, _split(message))
        return found is not None and all(condition(lambda name: found.get(name, ABSENT)) for condition in conditions)

    return FilterPattern(text, matches, order)


def _split(message: str) -> list[str]:
    """Words; what stands in brackets or quotes is one."""
    return [next(part for part in match.groups() if part is not None) for match in _FIELD.finditer(message.strip())]


def _assigned(names: tuple[str, ...], words: list[str]) -> dict[str, str] | None:
    """Fields by name, ``...`` taking as many as are left; None when the numbers do not agree."""
    if _ELLIPSIS not in names:
        return dict(zip(names, words, strict=True)) if len(names) == len(words) else None
    at = names.index(_ELLIPSIS)
    after = names[at + 1 :]
    if len(words) < len(names) - 1:
        return None
    found = dict(zip(names[:at], words, strict=False))
    return found | dict(zip(after, words[len(words) - len(after) :], strict=True))


def _as_json(message: str) -> Any:
    text = message.strip()
    if not text.startswith("{"):
        return ABSENT
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return ABSENT


def _select(document: Any, selector: str) -> Any:
    """``[*]`` gives all elements that have the rest of the path."""
    if not selector.startswith("$"):
        return ABSENT
    steps, at = [], 1
    while at < len(selector):
        match = _STEP.match(selector, at)
        if match is None:
            return ABSENT
        steps.append(match)
        at = match.end()
    return _walk(document, steps)


def _walk(value: Any, steps: list[re.Match[str]]) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if step["index"] == "*":
        candidates = value if isinstance(value, list) else []
        return Several(found for each in candidates if (found := _walk(each, rest)) is not ABSENT) or ABSENT
    if step["index"] is not None:
        index = int(step["index"])
        return _walk(value[index], rest) if isinstance(value, list) and index < len(value) else ABSENT
    name = step["name"] or step["key"]
    return _walk(value[name], rest) if isinstance(value, dict) and name in value else ABSENT
