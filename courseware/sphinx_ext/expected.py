"""What a page's cells print: run natively, in an account of their own, and kept until something it was made of changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from courseware.live.made_of import ROOT, digest
from courseware.sphinx_ext.recorder import recorder


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is run: ``name`` is its number on the page."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """``output`` are (stream, text) pairs in order; ``error`` is empty when the cell ended well."""

    output: tuple[tuple[str, str], ...] = ()
    value: str = ""
    svg: str = ""
    alt: str = ""
    error: str = ""

    @property
    def empty(self) -> bool:
        return not (self.output or self.value or self.svg or self.error)


def order(cells: Sequence[Cell], kept_in: Path, *, urgent: bool = False) -> Path:
    """The file that has, or is going to have, what the cells print; whoever reads it waits."""
    rows = [asdict(cell) for cell in cells]
    file = kept_in / f"{hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:32]}.json"
    if not is_current(file):
        recorder.order(rows, file, urgent=urgent)
    return file


def outcomes(cells: Sequence[Cell], kept_in: Path) -> list[Outcome]:
    """In the order of the cells. RecordingError: the interpreter that ran them went down."""
    return all_outcomes([cells], kept_in)[0]


def all_outcomes(sessions: Sequence[Sequence[Cell]], kept_in: Path) -> list[list[Outcome]]:
    """The same for several sessions, each in an account of its own; they are run before anything that was ordered earlier."""
    files = [order(cells, kept_in, urgent=True) if cells else None for cells in sessions]
    return [_read(file) if file else [] for file in files]


def is_current(file: Path) -> bool:
    """Nothing that the recording was made of has changed."""
    if not file.is_file():
        return False
    made_of = json.loads(file.read_text("utf-8"))["made_of"]
    return all(digest(ROOT / name) == was for name, was in made_of.items())


def _read(file: Path) -> list[Outcome]:
    recorder.wait(file)
    return [_outcome(row) for row in json.loads(file.read_text("utf-8"))["rows"]]


def _outcome(row: dict[str, Any]) -> Outcome:
    output = tuple((stream, text) for stream, text in row["output"])
    return Outcome(output, row["value"], row["svg"], row["alt"], row["error"])
