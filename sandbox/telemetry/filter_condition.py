"""The conditions inside ``{…}`` and ``[…]`` of a filter pattern: comparisons joined by ``&&``, ``||`` and parentheses.

CloudWatch Logs user guide, "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.errors import AwsError
from sandbox.telemetry.bounded_regex import BoundedRegex

PATTERN_CHARS_MAX = 1024
ABSENT: Any = object()


class Several(tuple[Any, ...]):
    """What an operand with a wildcard stands for: a condition holds when it holds for one of them."""

    __slots__ = ()


Lookup = Callable[[str], Any]
"""What an operand stands for in one event: a JSON value, a field's text, or ``ABSENT``."""

Condition = Callable[[Lookup], bool]

_TOKEN = re.compile(
    r"""\s*(?:"(?:[^"\\]|\\.)*"|%[^%]*%|&&|\|\||!=|<=|>=|=|<|>|\(|\)|[^\s=!<>&|()"%]+)"""  # quoted, regex, mark, word
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}


class PatternRefused(ValueError):
    """What CloudWatch Logs would refuse as an invalid filter pattern."""


class ConditionReader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def read(self) -> Condition:
        found = self._either()
        if self._at < len(self._tokens):
            raise PatternRefused(f"unexpected {self._tokens[self._at]!r}")
        return found

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._peek() == "||":
            self._at += 1
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda lookup: any(part(lookup) for part in parts)

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._peek() == "&&":
            self._at += 1
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda lookup: all(part(lookup) for part in parts)

    def _one(self) -> Condition:
        if self._peek() == "(":
            self._at += 1
            inner = self._either()
            if self._next() != ")":
                raise PatternRefused("a parenthesis is not closed")
            return inner
        operand, operator = self._next(), self._next()
        if operator.upper() in ("IS", "NOT"):
            return _state(operand, f"{operator} {self._next()}".upper())
        if operator not in _COMPARE:
            raise PatternRefused(f"{operator!r} is no comparison")
        return comparison(operand, operator, self._next())

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise PatternRefused("the pattern ends too early")
        self._at += 1
        return token


def comparison(operand: str, operator: str, wanted: str) -> Condition:
    """``wanted`` is a token: a number, a text (perhaps quoted, ``*`` as wildcard) or ``%regex%``."""
    if _NUMBER.fullmatch(wanted):
        bound, compare = float(wanted), _COMPARE[operator]

        def numeric(value: Any) -> bool:
            number = _as_number(value)
            return compare(number, bound) if number is not None else operator == "!=" and value is not ABSENT

        return lambda lookup: any(map(numeric, _each(lookup(operand))))
    if operator not in ("=", "!="):
        raise PatternRefused(f"{operator} compares numbers, not {wanted!r}")
    matches, equal = text_matcher(wanted), operator == "="

    def textual(value: Any) -> bool:
        return isinstance(value, str) and matches(value) == equal

    return lambda lookup: any(map(textual, _each(lookup(operand))))


def text_matcher(token: str) -> Callable[[str], bool]:
    """For a quoted or bare text with wildcards, or a regular expression, which may match anywhere."""
    if token.startswith("%"):
        expression = regex(token[1:-1])
        return lambda text: expression.search(text) is not None
    text = re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token
    if "*" not in text:
        return lambda value: value == text
    whole = re.compile(".*".join(re.escape(part) for part in re.split(r"\*+", text)), re.DOTALL)
    return lambda value: whole.fullmatch(value) is not None


def regex(text: str) -> BoundedRegex:
    """AWS's subset has no groups; what could still take for ever is refused as well."""
    if not text or re.search(r"(?<!\\)[()]", text):
        raise PatternRefused("regular expressions here are not empty and have no parentheses")
    try:
        return BoundedRegex(text, "InvalidParameterException")
    except AwsError as error:
        raise PatternRefused(str(error.message)) from None


def _state(operand: str, state: str) -> Condition:
    wanted = {"IS NULL": None, "IS TRUE": True, "IS FALSE": False, "NOT EXISTS": ABSENT}
    if state not in wanted:
        raise PatternRefused(f"{state!r} is none of IS NULL, IS TRUE, IS FALSE, NOT EXISTS")
    value = wanted[state]
    return lambda lookup: lookup(operand) is value


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, Several) else (value,)


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise PatternRefused(f"cannot read {text[at : at + 20]!r}")
        found.append(match[0].strip())
        at = match.end()
    return found
