"""What a check of an assessment is worth: a marker on a pytest-style function, light enough that judging needs no pytest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.errors import LabError
from autograder.plain import plain

Check = Callable[..., None]
_MARK = "__points__"


@dataclass(frozen=True, slots=True)
class Mark:
    """``hint`` says where to go on when points are lost; ``topic`` is the curriculum id of the section to read."""

    points: float
    criterion: str
    hint: str
    topic: str


def points(worth: float, criterion: str, *, hint: str, topic: str) -> Callable[[Check], Check]:
    """Mark a ``test_…`` function as a check worth ``worth`` points of ``criterion``."""
    if worth <= 0 or not hint.strip():
        raise LabError("a check is worth more than 0 points and has a hint")

    try:
        words = plain(hint)
    except ValueError as error:
        raise LabError(f"the hint {hint!r}: {error}") from error

    def marked(check: Check) -> Check:
        setattr(check, _MARK, Mark(worth, criterion, words, topic))
        return check

    return marked


def mark_of(check: Any) -> Mark:
    """LabError when the check has none."""
    mark = getattr(check, _MARK, None)
    if not isinstance(mark, Mark):
        raise LabError(f"{check.__name__} has no @points(…): what is it worth?")
    return mark


def id_of(check: Any) -> str:
    """``test_thumbnail_size`` is the check ``thumbnail-size``."""
    return str(check.__name__).removeprefix("test_").replace("_", "-")
