"""A lab as data: ``lab.toml`` read into frozen objects. Layout and rules: ``docs/writing_a_lab.md``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.cost import cost_words
from autograder.errors import LabError
from autograder.plain import plain
from autograder.toml_key import required

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step. ``hints`` form a ladder, from a nudge to almost the answer; ``topics`` are curriculum ids."""

    id: str
    title: str
    hints: tuple[str, ...]
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lab:
    """``names`` maps what a check looks for (``function``, ``role`` …) to the resource name the lab's text asks for.

    ``uses`` maps prices of the facts file to how much of each the lab takes; ``cost`` says what that comes to on AWS.
    ``here_only`` is the reason why the lab is not done on AWS, "" for one that is.
    """

    slug: str
    title: str
    goal: str
    minutes: int
    cost: str
    names: Mapping[str, str]
    steps: tuple[Step, ...]
    folder: Path
    uses: Mapping[str, float] = field(default_factory=dict)
    here_only: str = ""

    def step(self, step_id: str) -> Step:
        """Raises LabError that lists the ids there are."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise LabError(f"lab {self.slug} has no step {step_id!r}; its steps are {', '.join(s.id for s in self.steps)}")

    def name(self, key: str) -> str:
        try:
            return self.names[key]
        except KeyError:
            raise LabError(f"lab {self.slug} names no {key!r} in [names]") from None

    @property
    def source(self) -> Path:
        """The one MyST source: page of the book and notebook."""
        return self.folder / "lab.md"

    def check_file(self, step_id: str) -> Path:
        return self.folder / "checks" / f"test_{step_id.replace('-', '_')}.py"


def load_lab(folder: Path) -> Lab:
    """Read ``folder/lab.toml``; raises LabError naming the key that is wrong."""
    path = folder / "lab.toml"
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LabError(f"{folder} is no lab: it has no lab.toml") from None
    except tomllib.TOMLDecodeError as error:
        raise LabError(f"{path}: {error}") from error
    steps = tuple(_step(row, path) for row in required(document, "steps", list, path))
    if not steps or len({step.id for step in steps}) != len(steps):
        raise LabError(f"{path}: a lab has at least one step and every step id is used once")
    uses = document.get("uses", {})
    return Lab(
        slug=folder.name,
        title=_told(document, "title", path),
        goal=_told(document, "goal", path),
        minutes=required(document, "minutes", int, path),
        cost=cost_words(uses) if uses else required(document, "cost", str, path),
        names=required(document, "names", dict, path),
        steps=steps,
        folder=folder,
        uses=uses,
        here_only=_told(document, "here_only", path) if "here_only" in document else "",
    )


def find_labs(root: Path) -> list[Lab]:
    """Every lab below ``root`` (a folder with a ``lab.toml``), by slug; folders that begin with ``_`` are templates."""
    folders = sorted(path.parent for path in root.glob("*/lab.toml") if not path.parent.name.startswith("_"))
    return [load_lab(folder) for folder in folders]


def _step(row: Mapping[str, Any], path: Path) -> Step:
    step_id = required(row, "id", str, path)
    if not _ID.fullmatch(step_id):
        raise LabError(f"{path}: step id {step_id!r} must be lower-case words joined by hyphens")
    hints = tuple(required(row, "hints", list, path))
    if not hints or not all(isinstance(hint, str) and hint.strip() for hint in hints):
        raise LabError(f"{path}: step {step_id} needs at least one hint, each a sentence")
    words = tuple(_words(hint, path) for hint in hints)
    return Step(id=step_id, title=_told(row, "title", path), hints=words, topics=tuple(row.get("topics", ())))


def _told(table: Mapping[str, Any], key: str, path: Path) -> str:
    return _words(required(table, key, str, path), path)


def _words(text: str, path: Path) -> str:
    """What AWS sets stands in a lab's texts as in a page's, ``{fact}`six times <S-08>```; here it becomes words."""
    try:
        return plain(text)
    except ValueError as error:
        raise LabError(f"{path}: {error}") from error
