"""Where a statement stands in the text of its policy, as the policy simulator reports it."""

from __future__ import annotations

import json
from typing import Final

Position = dict[str, int]
_SPACE: Final = " \t\r\n"


def statement_positions(text: str) -> list[tuple[Position, Position]]:
    """Start and end of each statement, from brace to brace, counting from 1; empty when the text is no policy.

    IAM counts as if a single statement stood in a list: its columns are one further right (AWS CLI reference,
    ``simulate-custom-policy``, example 1).
    """
    try:
        at = _value_of(text, "Statement")
    except ValueError:
        return []
    if at < 0 or at >= len(text):
        return []
    if text[at] == "{":
        _, end = json.JSONDecoder().raw_decode(text, at)
        text = f"{text[:at]}[{text[at:end]}]{text[end:]}"
    spans = _items(text, at)
    return [(_position(text, start), _position(text, end - 1)) for start, end in spans]


def _value_of(text: str, member: str) -> int:
    """Index of the value of a member of the outermost object; -1 when there is none."""
    decoder = json.JSONDecoder()
    at = _skip(text, 0, "{")
    while at < len(text) and text[at] != "}":
        name, at = decoder.raw_decode(text, at)
        at = _skip(text, at, ":")
        if name == member:
            return at
        _, at = decoder.raw_decode(text, at)
        at = _skip(text, at, ",")
    return -1


def _items(text: str, at: int) -> list[tuple[int, int]]:
    """Spans of the items of a list that begins at ``at``."""
    decoder = json.JSONDecoder()
    spans: list[tuple[int, int]] = []
    at = _skip(text, at, "[")
    while at < len(text) and text[at] == "{":
        _, end = decoder.raw_decode(text, at)
        spans.append((at, end))
        at = _skip(text, end, ",")
    return spans


def _skip(text: str, at: int, sign: str) -> int:
    """Past white space, one ``sign`` if it is there, and white space again."""
    while at < len(text) and text[at] in _SPACE:
        at += 1
    if at < len(text) and text[at] == sign:
        at += 1
        while at < len(text) and text[at] in _SPACE:
            at += 1
    return at


def _position(text: str, at: int) -> Position:
    return {"Line": text.count("\n", 0, at) + 1, "Column": at - text.rfind("\n", 0, at)}
