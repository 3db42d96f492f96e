"""From a method and a path to the route that takes it: literal segments before ``{variables}`` before ``{greedy+}``.

A full match wins over a greedy one, a method over ``ANY``, ``$default`` is last (guide, "Create routes for HTTP APIs").
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

ANY = "ANY"
DEFAULT = "$default"


class Match(NamedTuple):
    key: str
    resource: str
    parameters: dict[str, str]


def match(keys: Iterable[str], method: str, path: str) -> Match | None:
    """``keys`` are route keys such as ``GET /items/{id}``; None when no route takes the request."""
    segments = path.split("/")[1:]
    best: tuple[tuple[object, ...], Match] | None = None
    fallback = False
    for key in keys:
        if key == DEFAULT:
            fallback = True
            continue
        wanted, _, resource = key.partition(" ")
        if wanted not in (method, ANY):
            continue
        parameters = fit(resource, segments)
        if parameters is None:
            continue
        rank = (specificity(resource), wanted == ANY)
        if best is None or rank < best[0]:
            best = (rank, Match(key, resource, parameters))
    if best is not None:
        return best[1]
    return Match(DEFAULT, DEFAULT, {}) if fallback else None


def fit(resource: str, segments: list[str]) -> dict[str, str] | None:
    """The values of a resource's variables for a path, or None when it does not fit. A variable is never empty."""
    pattern = _segments(resource)
    parameters: dict[str, str] = {}
    for index, part in enumerate(pattern):
        if part.startswith("{") and part.endswith("+}"):
            rest = "/".join(segments[index:])
            if not rest:
                return None
            parameters[part[1:-2]] = unquote(rest)
            return parameters
        if index >= len(segments):
            return None
        if part.startswith("{") and part.endswith("}"):
            if not segments[index]:
                return None
            parameters[part[1:-1]] = unquote(segments[index])
        elif part != segments[index] and part != unquote(segments[index]):
            return None
    return parameters if len(pattern) == len(segments) else None


@lru_cache(4_096)
def specificity(resource: str) -> tuple[int, ...]:
    """Smaller is more specific."""
    return tuple(2 if part.endswith("+}") else 1 if part.startswith("{") else 0 for part in _segments(resource))


@lru_cache(4_096)
def _segments(resource: str) -> tuple[str, ...]:
    return tuple(resource.split("/")[1:])
