"""Wildcards and policy variables, matched in linear time.

Learners write the patterns, so nothing here can backtrack: a pattern is cut at its ``*`` and the pieces are searched left to
right. A piece with ``?`` is a regular expression without quantifiers, which has nothing to retry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Matches = Callable[[str], bool]
ANY: Literal["*"] = "*"
ONE: Literal["?"] = "?"


@dataclass(frozen=True, slots=True)
class Literally:
    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """``${name}`` or ``${name, 'default'}``; ``name`` in lower case."""

    name: str
    default: str | None = None


Token = Literally | Variable | Literal["*", "?"]
Lookup = Callable[[str], "str | None"]

_SPECIAL = re.compile(r"[*?]|\$\{[^{}]*\}")
_WILD = re.compile(r"[*?]")


def tokens(text: str, *, variables: bool) -> tuple[Token, ...]:
    """Cut a pattern up. Without ``variables`` (policy version 2008-10-17) a ``${…}`` is plain text, as AWS says."""
    found: list[Token] = []
    at = 0
    for hit in (_SPECIAL if variables else _WILD).finditer(text):
        if hit.start() > at:
            found.append(Literally(text[at : hit.start()]))
        found.append(_token(hit.group()))
        at = hit.end()
    if at < len(text):
        found.append(Literally(text[at:]))
    return tuple(found)


def _token(text: str) -> Token:
    if text == "*":
        return ANY
    if text == "?":
        return ONE
    inner = text[2:-1]
    if inner in ("*", "?", "$"):
        return Literally(inner)
    name, comma, default = inner.partition(",")
    default = default.strip()
    if comma and len(default) >= 2 and default[0] == default[-1] == "'":
        return Variable(name.strip().lower(), default[1:-1])
    return Variable(name.strip().lower())


def resolve(parts: Sequence[Token], lookup: Lookup) -> tuple[Token, ...] | None:
    """Put values in place of variables, as plain text (a ``*`` in a value is no wildcard); None when one has no value."""
    resolved: list[Token] = []
    for part in parts:
        if isinstance(part, Variable):
            value = lookup(part.name)
            value = part.default if value is None else value
            if value is None:
                return None
            part = Literally(value)
        resolved.append(part)
    return tuple(resolved)


def has_variable(parts: Sequence[Token]) -> bool:
    return any(isinstance(part, Variable) for part in parts)


def plain(parts: Sequence[Token]) -> str | None:
    """The text of a pattern without wildcards or variables, else None."""
    if all(isinstance(part, Literally) for part in parts):
        return "".join(part.text for part in parts if isinstance(part, Literally))
    return None


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two ``*``: fixed in length. ``shape`` is None when there is no ``?`` in it."""

    text: str
    shape: re.Pattern[str] | None

    def at(self, text: str, start: int) -> bool:
        if self.shape is None:
            return text.startswith(self.text, start)
        return self.shape.match(text, start) is not None

    def find(self, text: str, start: int, end: int) -> int:
        """Where it next stands, wholly inside ``start``..``end``; -1 if nowhere."""
        if self.shape is None:
            return text.find(self.text, start, end)
        hit = self.shape.search(text, start, end)
        return hit.start() if hit else -1


def _pieces(parts: Sequence[Token]) -> list[_Piece]:
    groups: list[list[Token]] = [[]]
    for part in parts:
        if part == ANY:
            groups.append([])
        else:
            groups[-1].append(part)
    return [_piece(group) for group in groups]


def _piece(group: Sequence[Token]) -> _Piece:
    text = "".join(part.text if isinstance(part, Literally) else "?" for part in group)
    if ONE not in group:
        return _Piece(text, None)
    shape = "".join(re.escape(part.text) if isinstance(part, Literally) else "." for part in group)
    return _Piece(text, re.compile(shape, re.DOTALL))


def _always(_: str) -> bool:
    return True


def _never(_: str) -> bool:
    return False


def glob(parts: Sequence[Token]) -> Matches:
    """A matcher for a pattern whose variables are resolved."""
    exact = plain(parts)
    if exact is not None:
        return exact.__eq__
    pieces = _pieces(parts)
    if len(pieces) == 1:
        only = pieces[0]
        size = len(only.text)
        return lambda text: len(text) == size and only.at(text, 0)
    head, tail = pieces[0], pieces[-1]
    middle = tuple(piece for piece in pieces[1:-1] if piece.text)
    if not middle and not tail.text:
        if not head.text:
            return _always
        if head.shape is None:
            prefix = head.text
            return lambda text: text.startswith(prefix)
    return _around(head, middle, tail)


def _around(head: _Piece, middle: tuple[_Piece, ...], tail: _Piece) -> Matches:
    head_size, tail_size = len(head.text), len(tail.text)

    def matches(text: str) -> bool:
        end = len(text) - tail_size
        if end < head_size or not head.at(text, 0) or not tail.at(text, end):
            return False
        at = head_size
        for piece in middle:
            at = piece.find(text, at, end)
            if at < 0:
                return False
            at += len(piece.text)
        return True

    return matches


def glob_of(pattern: str) -> Matches:
    """A matcher for a pattern without variables."""
    return glob(tokens(pattern, variables=False))


def arn_glob(parts: Sequence[Token]) -> Matches:
    """An ARN pattern, compared part by part so that a ``*`` does not cross one of the first five colons.

    A trailing ``*`` of a pattern with fewer parts "can expand to match beyond the colon boundaries" (IAM user guide, JSON
    policy elements: Resource). Variables are resolved already; ask ``variable_too_early`` before.
    """
    sections = _sections(parts)
    if len(sections) < 6:
        if all(part == ANY for part in parts) and parts:
            return _always
        return _by_part([glob(section) for section in sections]) if parts and parts[-1] == ANY and len(sections) > 1 else _never
    heads = [plain(section) for section in sections[:5]]
    last = glob(sections[5])
    if None in heads:
        return _by_part([*map(glob, sections[:5]), last])
    head = ":".join(text or "" for text in heads) + ":"
    size = len(head)
    exact = plain(sections[5])
    if exact is not None:
        return (head + exact).__eq__
    return lambda text: text.startswith(head) and last(text[size:])


def arn_glob_of(pattern: str) -> Matches:
    return arn_glob(tokens(pattern, variables=False))


def variable_too_early(parts: Sequence[Token]) -> bool:
    """Variables may stand after the fifth colon of an ARN only; elsewhere the pattern matches nothing."""
    colons = 0
    for part in parts:
        if isinstance(part, Variable) and colons < 5:
            return True
        if isinstance(part, Literally):
            colons += part.text.count(":")
    return False


def _sections(parts: Sequence[Token]) -> list[list[Token]]:
    """At most six: the tokens between the first five colons, and all that follows."""
    sections: list[list[Token]] = [[]]
    for part in parts:
        if not isinstance(part, Literally):
            sections[-1].append(part)
            continue
        texts = part.text.split(":", 6 - len(sections))
        for position, text in enumerate(texts):
            if position:
                sections.append([])
            if text:
                sections[-1].append(Literally(text))
    return sections


def _by_part(matchers: Sequence[Matches]) -> Matches:
    cuts = len(matchers) - 1

    def matches(text: str) -> bool:
        parts = text.split(":", cuts)
        return len(parts) == cuts + 1 and all(match(part) for match, part in zip(matchers, parts, strict=True))

    return matches
