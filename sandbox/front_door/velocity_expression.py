"""Expressions of a mapping template: what stands in ``#if(…)``, ``#set(…)`` and in a call's arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.front_door.velocity_text import tokens
from sandbox.front_door.velocity_value import TemplateError, combined

_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_LEVELS: tuple[tuple[str, ...], ...] = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))


class Expression:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, text: str, reference: Callable[[str], Any], interpolated: Callable[[str], str]) -> None:
        self._tokens = list(tokens(text))
        self._at = 0
        self._reference = reference
        self._interpolated = interpolated

    def value(self) -> Any:
        found = self._binary(0)
        if self._at < len(self._tokens):
            raise TemplateError(f"unexpected {self._tokens[self._at][1]!r}")
        return found

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            return ""
        kind, text = self._tokens[self._at]
        return text if kind == "op" else ""

    def _take(self, wanted: str) -> None:
        if self._peek() != wanted:
            raise TemplateError(f"{wanted!r} is missing")
        self._at += 1

    def _binary(self, level: int) -> Any:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while (operator := self._peek()) in _LEVELS[level]:
            self._at += 1
            left = combined(operator, left, self._binary(level + 1))
        return left

    def _unary(self) -> Any:
        operator = self._peek()
        if operator == "!":
            self._at += 1
            return not self._unary()
        if operator == "-":
            self._at += 1
            return combined("-", 0, self._unary())
        if operator == "(":
            self._at += 1
            found = self._binary(0)
            self._take(")")
            return found
        if operator == "[":
            return self._list()
        if operator == "{":
            return self._map()
        return self._atom()

    def _atom(self) -> Any:
        if self._at >= len(self._tokens):
            raise TemplateError("an expression ends too soon")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "string":
            return text[1:-1] if text[0] == "'" else self._interpolated(text[1:-1])
        if kind == "ref":
            return self._reference(text)
        if kind == "word" and text in _WORDS:
            return _WORDS[text]
        raise TemplateError(f"unexpected {text!r}")

    def _list(self) -> list[Any]:
        self._take("[")
        found: list[Any] = []
        while self._peek() != "]":
            found.append(self._binary(0))
            if self._peek() == "..":
                self._at += 1
                found = list(range(int(found[0]), min(int(self._binary(0)), int(found[0]) + 10_000) + 1))
            if self._peek() == ",":
                self._at += 1
        self._take("]")
        return found

    def _map(self) -> dict[str, Any]:
        self._take("{")
        found: dict[str, Any] = {}
        while self._peek() != "}":
            key = self._binary(0)
            self._take(":")
            found[str(key)] = self._binary(0)
            if self._peek() == ",":
                self._at += 1
        self._take("}")
        return found
