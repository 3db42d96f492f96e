"""Which items a learner gets, and in which order choices are shown: drawn by hash, the same on every machine and every run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import TypeVar

from autograder.quiz.item import Item

Thing = TypeVar("Thing")


def shuffled(things: Sequence[Thing], words: Sequence[str], salt: str) -> list[Thing]:
    """``things`` in an order that depends on ``salt`` and their ``words`` alone."""
    ranked = sorted(zip(words, things, strict=True), key=lambda pair: _rank(salt, pair[0]))
    return [thing for _, thing in ranked]


def draw(items: Iterable[Item], count: int, seed: str) -> tuple[Item, ...]:
    """``count`` items spread evenly over the topics; another ``seed`` (assessment and learner) gives another draw.

    ValueError when there are fewer items than asked for.
    """
    by_topic: dict[str, list[Item]] = {}
    for item in items:
        by_topic.setdefault(item.topic, []).append(item)
    ranked = [shuffled(group, [item.id for item in group], seed) for group in by_topic.values()]
    ranked = shuffled(ranked, list(by_topic), seed)
    dealt = [item for item in chain.from_iterable(zip_longest(*ranked)) if item is not None]
    if len(dealt) < count:
        raise ValueError(f"{count} items were asked for, and there are {len(dealt)}")
    return tuple(dealt[:count])


def _rank(salt: str, word: str) -> bytes:
    return hashlib.sha256(f"{salt}\0{word}".encode()).digest()
