"""Everything the checks look at, read once: pages, quizzes, labs, figures, curriculum, table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from autograder.assessment import Assessment, find_assessments
from autograder.curriculum import Curriculum, load_curriculum
from autograder.lab import Lab, find_labs
from autograder.quiz import Item, load_items
from autograder.quiz.item import Choices, Match, Numeric, Order
from autograder.quiz.read import FOLDER
from courseware.author.prose import Document, read
from courseware.toc import pages_in_order

_GENERATED = {"_build", "_template", "assets", "labs"}


@dataclass(frozen=True, slots=True)
class Page:
    """``name`` is what Sphinx calls it, ``path`` where it lies below the course's folder."""

    name: str
    path: str
    document: Document

    @property
    def front_matter(self) -> dict[str, Any]:
        return yaml.safe_load(self.document.front_matter) or {} if self.document.front_matter else {}


@dataclass(frozen=True, slots=True)
class Words:
    """A text outside of pages, and where it stands."""

    path: str
    line: int
    what: str
    document: Document


class Content:
    """ContentError and LabError of what cannot be read pass through."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def curriculum(self) -> Curriculum:
        return load_curriculum(self.root)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return load_items(self.root, self.curriculum)

    @cached_property
    def labs(self) -> list[Lab]:
        return find_labs(self.root / "labs")

    @cached_property
    def assessments(self) -> list[Assessment]:
        return find_assessments(self.root / "assessments")

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The book's pages and the labs', by name."""
        book = self.root / "book"
        found = {path.relative_to(book).with_suffix("").as_posix(): path for path in sorted(book.rglob("*.md"))}
        own = {name: path for name, path in found.items() if name.split("/")[0] not in _GENERATED}
        labs = {f"labs/{lab.slug}": lab.source for lab in self.labs}
        return {name: self._page(name, path) for name, path in (own | labs).items()}

    def _page(self, name: str, path: Path) -> Page:
        return Page(name, path.relative_to(self.root).as_posix(), read(path.read_text("utf-8")))

    @cached_property
    def order(self) -> list[str]:
        """Names of pages in the order of the table of contents."""
        return pages_in_order(self.root)

    @cached_property
    def lab_cells(self) -> list[Path]:
        """What fills the cells of labs: solutions and faulty twins."""
        labs = self.root / "labs"
        return sorted([*labs.glob("*/solution/*.py"), *labs.glob("*/faulty/*/*.py")])

    @cached_property
    def quiz_texts(self) -> list[Words]:
        """Prose of every item; code and outputs are none."""
        return [Words(*self.place_of(item), item.id, read(text)) for item in self.items for text in texts_of(item)]

    def place_of(self, item: Item) -> tuple[str, int]:
        """Path and line of where it begins."""
        path = FOLDER / f"{item.module}.yaml"
        lines = (self.root / path).read_text("utf-8").splitlines()
        line = next((at for at, text in enumerate(lines, 1) if re.fullmatch(rf"- id: *{item.id}\s*", text)), 0)
        return path.as_posix(), line

    @cached_property
    def figures(self) -> list[Path]:
        return sorted((self.root / "book" / "figures").glob("*.svg"))


def texts_of(item: Item) -> Iterator[str]:
    """Every MyST text of an item."""
    yield from filter(None, (item.question, item.explanation))
    body = item.body
    if isinstance(body, Choices):
        for choice in body.choices:
            if item.type not in {"predict", "fault"}:
                yield choice.text
            yield choice.why
    elif isinstance(body, Numeric):
        yield from (body.why, *(mistake.why for mistake in body.mistakes))
    elif isinstance(body, Order):
        yield from (text for step in body.steps for text in (step.text, step.why))
    elif isinstance(body, Match):
        yield from (text for pair in body.pairs for text in (pair.left, pair.right, pair.why))
