"""Just enough of DynamoDB's expressions to say which attributes they name. Tokens are cut without backtracking."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_TOKEN: Final = re.compile(r"[#:]?[A-Za-z_][A-Za-z0-9_\-]*|[.\[\](),]|<=|>=|<>|[=<>+\-]|[0-9]+")
_WORDS: Final = frozenset(
    "SET REMOVE ADD DELETE AND OR NOT BETWEEN IN attribute_exists attribute_not_exists attribute_type begins_with contains size "
    "if_not_exists list_append".lower().split()
)


def attribute_names(expression: str, aliases: Mapping[str, str]) -> list[str]:
    """Top-level names, in order of appearance; ``#aliases`` are looked up, ``:values`` left out."""
    found: dict[str, None] = {}
    previous = ""
    for token in _TOKEN.findall(expression):
        is_name = token[0] == "#" or token[0].isalpha() or token[0] == "_"
        if is_name and previous != "." and token.lower() not in _WORDS:
            found[aliases.get(token, token)] = None
        previous = token
    return list(found)


def equal_to(expression: str, aliases: Mapping[str, str]) -> dict[str, str]:
    """``name = :value`` pairs of a key condition."""
    parts = _TOKEN.findall(expression)
    pairs: dict[str, str] = {}
    for left, sign, right in zip(parts, parts[1:], parts[2:], strict=False):
        if sign == "=" and right.startswith(":"):
            pairs[aliases.get(left, left)] = right
        elif sign == "=" and left.startswith(":"):
            pairs[aliases.get(right, right)] = left
    return pairs
