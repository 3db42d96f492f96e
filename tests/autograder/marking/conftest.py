"""A class of learners, and judges that do what their work says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.marking.job import Bench
from autograder.marking.roll import Handed, call_roll

Class = Callable[..., list[Handed]]


@pytest.fixture
def hand_in(tmp_path: Path) -> Class:
    """Write ``work.json`` for each learner named, and call the roll."""

    def write(**works: dict[str, Any]) -> list[Handed]:
        for name, work in works.items():
            folder = tmp_path / "class" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "work.json").write_text(json.dumps({"points": 10} | work))
        return call_roll(tmp_path / "class", "seed")

    return write


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))  # spawned workers get our sys.path
    return Bench("thumbnails", "honest_judge:open_judge", {"log": str(tmp_path / "log")})


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[[], list[str]]:
    """Every submission a judge was given, in order, again and again."""
    return lambda: (tmp_path / "log").read_text().split() if (tmp_path / "log").exists() else []
