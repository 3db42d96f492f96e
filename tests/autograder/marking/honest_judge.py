"""A judge that does what a submission's ``work.json`` says: points, a fault of ours, a death, a wait."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.marking.job import Judge
from autograder.report import CheckResult, CriterionResult, Report


@contextlib.contextmanager
def open_judge(log: str = "", **_settings: object) -> Iterator[Judge]:
    """``log`` gets a line for every submission looked at, so that a test can count."""
    warm = {"judged": 0}

    def judge(folder: Path, name: str) -> Report:
        if log:
            with Path(log).open("a") as file:
                file.write(f"{name}\n")
        work = json.loads((folder / "work.json").read_text())
        _misbehave(work, Path(log).parent if log else folder, name)
        warm["judged"] += 1
        said = f"256 px expected{_leak(work.get('leaks'), warm['judged'])}"
        checks = (
            CheckResult("thumbnail", float(work["points"]), 10, said),
            CheckResult("preview", 5.0 if work["points"] >= 5 else 0.0, 5, "1024 px expected", "look at the long side"),
        )
        return Report(
            assessment="?",
            submission="?",
            status="graded",
            criteria=(CriterionResult("function", checks),),
            backend="none (a test)",
            seconds={"read": 0.1, "total": 0.3 + work["points"] / 100},
        )

    yield judge


def _leak(what: object, judged: int) -> str:
    """What a report must not depend on."""
    leaks = {
        "set": lambda: str(set("abcdefgh")),
        "folder": lambda: str(Path.cwd()),
        "temporary": tempfile.gettempdir,
        "zone": lambda: time.strftime("%H", time.localtime(0)),
        "address": lambda: repr(object()),
        "before": lambda: str(judged),
    }
    return leaks[str(what)]() if what else ""


def _misbehave(work: dict[str, object], place: Path, name: str) -> None:
    marker = place / f"{name}.tried"
    first = not marker.exists()
    marker.touch()
    if work.get("fault") == "always" or (work.get("fault") == "once" and first):
        raise RuntimeError("the deployment desk is on fire")
    if work.get("death") == "always" or (work.get("death") == "once" and first):
        os.kill(os.getpid(), signal.SIGKILL)
    if work.get("hang"):
        threading.Event().wait()
