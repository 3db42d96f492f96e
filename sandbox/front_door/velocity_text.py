"""Where things end in a template's text: parentheses, references, arguments, tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.front_door.velocity_value import TemplateError

NAME = re.compile(r"[A-Za-z_][\w-]*")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<string>'[^']*'|\"[^\"]*\")|(?P<ref>\$)"
    r"|(?P<op>==|!=|<=|>=|&&|\|\||\.\.|[-+*/%<>!()\[\]{},:])|(?P<word>[A-Za-z]+))"
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "gt": ">", "lt": "<", "ge": ">=", "le": "<="}
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def closing(text: str, at: int) -> int:
    """The position of the bracket that closes the one at ``at``; quoted brackets do not count."""
    if at >= len(text) or text[at] not in _PAIRS:
        raise TemplateError("an opening bracket is missing")
    open_: list[str] = []
    quote = ""
    for position in range(at, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in _PAIRS:
            open_.append(_PAIRS[character])
        elif open_ and character == open_[-1]:
            open_.pop()
            if not open_:
                return position
    raise TemplateError("a bracket is not closed")


def reference_end(text: str, at: int) -> int | None:
    """Where the reference that begins with the ``$`` at ``at`` ends; None when it is only a dollar sign."""
    position = at + 1
    if text.startswith("!", position):
        position += 1
    if text.startswith("{", position):
        return closing(text, position) + 1 if NAME.match(text, position + 1) else None
    match = NAME.match(text, position)
    if match is None:
        return None
    position = match.end()
    while position < len(text):
        if text[position] == "(" or text[position] == "[":
            position = closing(text, position) + 1
        elif text[position] == "." and (name := NAME.match(text, position + 1)):
            position = name.end()
        else:
            break
    return position


def arguments(text: str) -> list[str]:
    """Split at commas outside brackets and quotes."""
    found, begin, depth, quote = [], 0, 0, ""
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and not depth:
            found.append(text[begin:position])
            begin = position + 1
    rest = text[begin:]
    return [*found, rest] if rest.strip() or found else []


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Kind (number, string, ref, op, word) and text of every token of an expression."""
    at = 0
    while at < len(text):
        if text[at:].isspace():
            return
        match = _TOKEN.match(text, at)
        if match is None:
            raise TemplateError(f"cannot read {text[at : at + 20]!r}")
        kind = str(match.lastgroup)
        if kind == "ref":
            begin = match.end() - 1
            end = reference_end(text, begin)
            if end is None:
                raise TemplateError("a reference has no name")
            yield "ref", text[begin:end]
            at = end
            continue
        word = match[kind]
        yield ("op", _WORDS[word]) if word in _WORDS else (kind, word)
        at = match.end()
