"""The book's explorers in a notebook: ``explorers.ColdStarts(busy_rps=200)`` shows the model, with its inputs as traits.

The model itself is the script that the pages use; ``result`` is what it computed last, once the widget is shown.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from courseware.errors import LearnerError

__all__ = ["BreakEven", "Canary", "ColdStarts", "MemoryPrice", "Provisioned", "Retries", "SqsScaling"]

_PACKED = Path(__file__).parents[1] / "book" / "assets" / "explorers"


class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
    """Each input is a trait of its name, within the model's bounds; a wrong name is a LearnerError that lists the right ones."""

    model_name: ClassVar[str]
    inputs = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    result = traitlets.Dict().tag(sync=True)

    def __init__(self, **values: Any) -> None:
        built = _built(self.model_name)
        known = {row["id"]: row for row in built["inputs"]}
        if strange := set(values) - set(known):
            raise LearnerError(f"{type(self).__name__} has no input {sorted(strange)[0]!r}; it has {', '.join(known)}")
        self._esm = _packed(f"{self.model_name}.js").read_text("utf-8")
        self._css = _packed("explorer.css").read_text("utf-8")
        self.sentence = str(built["sentence"])
        super().__init__()
        self.set_trait("inputs", list(known))
        self.add_traits(**{name: _trait(row) for name, row in known.items()})
        for name, value in values.items():
            self.set_trait(name, value)

    def __repr__(self) -> str:
        """What a place without widgets shows: the picture for the default values, as a sentence."""
        return f"{type(self).__name__}: by default, {self.sentence}"


class BreakEven(Explorer):
    """Lambda against Fargate and EC2: what a month costs at each load, and where the curves cross."""

    model_name = "break-even"


class Canary(Explorer):
    """How many requests meet a faulty version before an alarm takes it back."""

    model_name = "canary"


class ColdStarts(Explorer):
    """A jump in load: environments, cold starts and throttles over one minute."""

    model_name = "cold-starts"


class MemoryPrice(Explorer):
    """Duration and price of each memory setting."""

    model_name = "memory-price"


class Provisioned(Explorer):
    """What it costs to keep environments ready, and what spills over all the same."""

    model_name = "provisioned"


class Retries(Explorer):
    """Who tries an event again, when, and how it ends."""

    model_name = "retries"


class SqsScaling(Explorer):
    """How fast a queue is worked off, and whether its visibility timeout fits."""

    model_name = "sqs-scaling"


def _trait(row: dict[str, Any]) -> Any:
    if row.get("options"):
        return traitlets.Enum(row["options"], row["value"]).tag(sync=True)
    return traitlets.Float(row["value"], min=row["min"], max=row["max"]).tag(sync=True)


def _packed(name: str) -> Path:
    file = _PACKED / name
    if not file.is_file():
        raise LearnerError("The explorers are not packed yet: run `./course build` once.")
    return file


def _built(name: str) -> dict[str, Any]:
    file = _packed("built.json")
    return dict(_everything(file, file.stat().st_mtime_ns)[name])


@cache
def _everything(file: Path, _modified_ns: int) -> dict[str, Any]:
    return dict(json.loads(file.read_text("utf-8")))
