"""Values of a task that differ from learner to learner, drawn by HMAC from the course's key: the same for the same learner, and
telling when an answer was copied. Where a value stands in the files learners are given, they are given their own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int
Variant = Mapping[str, Value]
PLACE = re.compile(r"\{([a-z_]+)(?:\*(\d+))?\}")  # {attempts}, or {waiting_min*60} where it is written in another unit


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may vary; ``default`` is the one in the task's own text, in the starter and in the solutions.

    ``written`` is how it stands in those files: ``maxReceiveCount: {attempts}``.
    """

    name: str
    default: Value
    values: tuple[Value, ...]
    written: tuple[str, ...] = ()


def default_variant(choices: Sequence[Choice]) -> dict[str, Value]:
    return {choice.name: choice.default for choice in choices}


def variant_of(choices: Sequence[Choice], course_key: bytes, who: str) -> dict[str, Value]:
    """Each value is drawn by its own name, so that a choice that is added later moves none of the others."""
    return {choice.name: choice.values[_draw(course_key, f"{who}/{choice.name}", len(choice.values))] for choice in choices}


def rewritten(files: Mapping[str, bytes], choices: Sequence[Choice], variant: Variant) -> dict[str, bytes]:
    """Files that hold the defaults, with these values instead. In one pass: no value is taken for another one's default."""
    before = default_variant(choices)
    texts = {filled(place, before).encode(): filled(place, variant).encode() for choice in choices for place in choice.written}
    if not texts:
        return dict(files)
    longest_first = sorted(texts, key=len, reverse=True)
    places = re.compile(b"|".join(re.escape(text) for text in longest_first))
    return {name: places.sub(lambda found: texts[found[0]], data) for name, data in files.items()}


def filled(place: str, variant: Variant) -> str:
    """``Threshold: {waiting_min*60}`` with a value in it; other braces stay."""

    def told(found: re.Match[str]) -> str:
        name, times = found.groups()
        if name not in variant:
            return found[0]
        return str(int(variant[name]) * int(times) if times else variant[name])

    return PLACE.sub(told, place)


def _draw(course_key: bytes, what: str, count: int) -> int:
    digest = hmac.digest(course_key, what.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % count
