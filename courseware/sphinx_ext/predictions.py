"""The right choice of a ``predict`` item is what its code prints: found by running it, in an account of its own, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.quiz import Item
from courseware.sphinx_ext.expected import Cell, Outcome, all_outcomes


def with_outputs(items: Sequence[Item], cache_folder: Path) -> list[Item]:
    """The same items, predictions with their answer. ValueError, RecordingError: the code fails, or a wrong choice is right."""
    run = predictions(items)
    answers = all_outcomes([session(item) for item in run], cache_folder)
    printed = {item.id: item.with_output(_printed(item, rows[0])) for item, rows in zip(run, answers, strict=True)}
    return [printed.get(item.id, item) for item in items]


def predictions(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.type == "predict"]


def session(item: Item) -> list[Cell]:
    """What is run for a prediction."""
    return [Cell(item.id, item.code)]


def _printed(item: Item, outcome: Outcome) -> str:
    if outcome.error:
        raise ValueError(f"item {item.id}: the code ends with an error; catch it and print what matters:\n{outcome.error}")
    return "".join(text for _, text in outcome.output) + outcome.value
