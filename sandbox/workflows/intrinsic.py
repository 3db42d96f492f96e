"""Intrinsic functions: ``States.Format('{} of {}', $.n, $.total)`` and the others (guide, "intrinsic-functions")."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, Protocol

from sandbox.workflows.failure import Failure

FAILED = "States.IntrinsicFailure"
_NAME = re.compile(r"States\.[A-Za-z0-9]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ARRAY_MAX = 1_000


class Values(Protocol):
    """Where paths in arguments lead, and chance."""

    def at(self, path: str) -> Any: ...

    def draw(self) -> float: ...

    def uuid(self) -> str: ...


def is_call(text: str) -> bool:
    return text.startswith("States.")


def evaluate(text: str, values: Values) -> Any:
    """Raises Failure(States.IntrinsicFailure)."""
    reader = _Reader(text, values)
    found = reader.call()
    reader.expect_end()
    return found


def check(text: str) -> str:
    """Why this is no call that is understood, or nothing."""
    try:
        _Reader(text, None).call()
    except Failure as failure:
        return failure.cause
    return ""


class _Reader:
    """Reads and evaluates at once; without values it only reads."""

    def __init__(self, text: str, values: Values | None) -> None:
        self._text = text
        self._values = values
        self._at = 0

    def call(self) -> Any:
        found = _NAME.match(self._text, self._at)
        if found is None or found[0] not in _FUNCTIONS:
            raise Failure(FAILED, f"{self._text[self._at :].split('(')[0]} is not an intrinsic function")
        self._at = found.end()
        arguments = self._arguments()
        if self._values is None:
            return None
        try:
            return _FUNCTIONS[found[0]](arguments, self._values)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise Failure(FAILED, f"Invalid arguments in {found[0]}: {error}") from error

    def expect_end(self) -> None:
        if self._text[self._at :].strip():
            raise Failure(FAILED, f"unexpected {self._text[self._at :]!r}")

    def _arguments(self) -> list[Any]:
        self._take("(")
        found: list[Any] = []
        while not self._peek(")"):
            if found:
                self._take(",")
            found.append(self._argument())
        self._take(")")
        return found

    def _argument(self) -> Any:
        self._blanks()
        rest = self._text[self._at :]
        if rest.startswith("'"):
            return self._string()
        if rest.startswith("$"):
            return self._path()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if rest.startswith(word):
                self._at += len(word)
                return value
        number = _NUMBER.match(rest)
        if number:
            self._at += number.end()
            return json.loads(number[0])
        return self.call()

    def _string(self) -> str:
        found, at = list[str](), self._at + 1
        while at < len(self._text) and self._text[at] != "'":
            if self._text[at] == "\\" and at + 1 < len(self._text):
                at += 1
                if self._text[at] in "{}":  # States.Format unescapes these
                    found.append("\\")
            found.append(self._text[at])
            at += 1
        if at >= len(self._text):
            raise Failure(FAILED, "a string is not closed")
        self._at = at + 1
        return "".join(found)

    def _path(self) -> Any:
        start, depth, quote = self._at, 0, ""
        while self._at < len(self._text):
            here = self._text[self._at]
            if quote:
                quote = "" if here == quote else quote
            elif here in "'\"":
                quote = here
            elif here in "([":
                depth += 1
            elif here == "]" or (here == ")" and depth):
                depth -= 1
            elif here in ",)" and not depth:
                break
            self._at += 1
        path = self._text[start : self._at].strip()
        return None if self._values is None else self._values.at(path)

    def _blanks(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1

    def _peek(self, char: str) -> bool:
        self._blanks()
        return self._text.startswith(char, self._at)

    def _take(self, char: str) -> None:
        if not self._peek(char):
            raise Failure(FAILED, f"{char!r} expected in {self._text!r}")
        self._at += 1


def _format(arguments: list[Any], _values: Values) -> str:
    template, *rest = arguments
    pieces = re.split(r"(?<!\\)\{\}", template)
    if len(pieces) != len(rest) + 1:
        raise ValueError("the number of {} and of values differ")
    shown = [each if isinstance(each, str) else json.dumps(each, separators=(",", ":")) for each in rest]
    text = "".join(piece + value for piece, value in zip(pieces, [*shown, ""], strict=True))
    return text.replace("\\{", "{").replace("\\}", "}")


def _partition(arguments: list[Any], _values: Values) -> list[Any]:
    rows, size = arguments
    return [rows[at : at + int(size)] for at in range(0, len(rows), int(size))]


def _range(arguments: list[Any], _values: Values) -> list[int]:
    first, last, step = (int(each) for each in arguments)
    found = list(range(first, last + (1 if step > 0 else -1), step))
    if len(found) > _ARRAY_MAX:
        raise ValueError(f"more than {_ARRAY_MAX} elements")
    return found


def _unique(arguments: list[Any], _values: Values) -> list[Any]:
    seen: dict[str, Any] = {}
    for each in arguments[0]:
        seen.setdefault(json.dumps(each, sort_keys=True), each)
    return list(seen.values())


def _hash(arguments: list[Any], _values: Values) -> str:
    data, algorithm = arguments
    name = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}[algorithm]
    text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _merge(arguments: list[Any], _values: Values) -> dict[str, Any]:
    left, right, deep = arguments
    if deep:
        raise ValueError("only the shallow merge is there (third argument false)")
    return {**left, **right}


def _random(arguments: list[Any], values: Values) -> int:
    first, last = int(arguments[0]), int(arguments[1])
    return first + int(values.draw() * (last - first))


def _split(arguments: list[Any], _values: Values) -> list[str]:
    text, characters = arguments
    return [part for part in re.split(f"[{re.escape(characters)}]", text) if part]


def _encoded(arguments: list[Any], _values: Values) -> str:
    return base64.b64encode(arguments[0].encode()).decode()


def _decoded(arguments: list[Any], _values: Values) -> str:
    return base64.b64decode(arguments[0], validate=True).decode()


_FUNCTIONS: dict[str, Callable[[list[Any], Values], Any]] = {
    "States.Array": lambda arguments, _: arguments,
    "States.ArrayContains": lambda arguments, _: arguments[1] in arguments[0],
    "States.ArrayGetItem": lambda arguments, _: arguments[0][int(arguments[1])],
    "States.ArrayLength": lambda arguments, _: len(arguments[0]),
    "States.ArrayPartition": _partition,
    "States.ArrayRange": _range,
    "States.ArrayUnique": _unique,
    "States.Base64Decode": _decoded,
    "States.Base64Encode": _encoded,
    "States.Format": _format,
    "States.Hash": _hash,
    "States.JsonMerge": _merge,
    "States.JsonToString": lambda arguments, _: json.dumps(arguments[0], separators=(",", ":")),
    "States.MathAdd": lambda arguments, _: int(arguments[0]) + int(arguments[1]),
    "States.MathRandom": _random,
    "States.StringSplit": _split,
    "States.StringToJson": lambda arguments, _: json.loads(arguments[0]),
    "States.UUID": lambda _, values: values.uuid(),
}
