"""Values of a task that differ from learner to learner, drawn by HMAC from the course's key: the same for the same learner, and
telling when an answer was copied.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int
Variant = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may vary; ``default`` is the one in the task's own text."""

    name: str
    default: Value
    values: tuple[Value, ...]


def default_variant(choices: Sequence[Choice]) -> dict[str, Value]:
    return {choice.name: choice.default for choice in choices}


def variant_of(choices: Sequence[Choice], course_key: bytes, who: str) -> dict[str, Value]:
    """Each value is drawn by its own name, so that a choice that is added later moves none of the others."""
    return {choice.name: choice.values[_draw(course_key, f"{who}/{choice.name}", len(choice.values))] for choice in choices}


def _draw(course_key: bytes, what: str, count: int) -> int:
    digest = hmac.digest(course_key, what.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % count
