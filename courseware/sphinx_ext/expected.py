"""What a page's cells print: run once, natively, in an account of their own, and kept by content."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from courseware.web.fingerprint import files_below, fingerprint, installed

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 120


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


class RecordingError(Exception):
    """The interpreter that ran the cells went down; the text carries its last words."""


def outcomes(cells: list[Cell], cache_folder: Path) -> list[Outcome]:
    """Outcomes in the order of the cells, from the cache when cells, account and libraries are what they were."""
    return all_outcomes([cells], cache_folder)[0]


def all_outcomes(sessions: list[list[Cell]], cache_folder: Path) -> list[list[Outcome]]:
    """The same for several sessions, each in an account of its own; one interpreter runs those that are not kept."""
    wanted = [[{"name": cell.name, "code": cell.code} for cell in cells] for cells in sessions]
    kept = [cache_folder / f"{_key(cells)}.json" for cells in wanted]
    new = [at for at, file in enumerate(kept) if wanted[at] and not file.is_file()]
    for at, rows in zip(new, _record([wanted[at] for at in new]) if new else (), strict=True):
        cache_folder.mkdir(parents=True, exist_ok=True)
        kept[at].write_text(json.dumps(rows), "utf-8")
    return [
        [_outcome(row) for row in json.loads(file.read_text("utf-8"))] if cells else []
        for cells, file in zip(wanted, kept, strict=True)
    ]


def _key(cells: list[dict[str, str]]) -> str:
    return hashlib.sha256(f"{_engine()}\0{json.dumps(cells)}".encode()).hexdigest()[:32]


def _record(sessions: list[list[dict[str, str]]]) -> Any:
    done = subprocess.run(
        [os.environ.get("COURSE_PYTHON", sys.executable), "-m", "courseware.live.record"],
        input=json.dumps(sessions),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "TZ": "UTC"},
        timeout=SECONDS_MAX,
        check=False,
    )
    if done.returncode != 0:
        raise RecordingError(done.stderr.strip()[-2000:])
    return json.loads(done.stdout)


def _outcome(row: dict[str, Any]) -> Outcome:
    output = tuple((stream, text) for stream, text in row["output"])
    return Outcome(output, row["value"], row["svg"], row["alt"], row["error"])


@cache
def _engine() -> str:
    """Everything that decides what a cell prints besides the cell."""
    return fingerprint(ROOT, files_below(ROOT / "sandbox", ROOT / "courseware" / "live"), installed())
