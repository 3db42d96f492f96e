"""``--where-time-goes``: the processor time of each unit, its child processes included, dearest first.

Wall time says what else the machine did; processor time is the test's own. The time of children is read from ``/proc``
while they live (Linux), else when they have ended.
"""

from __future__ import annotations

import ctypes
import os
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.places import unit_of

ROWS = 40
_TICKS = os.sysconf("SC_CLK_TCK")


class Expense:
    """In a worker it fills in what the worker hands back, in the process that started it what the terminal shows."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._seconds: Counter[str] = Counter()
        self._tests: Counter[str] = Counter()
        adopt_orphans()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        before = spent()
        ran = yield
        unit = unit_of(item.nodeid)
        self._seconds[unit] += spent() - before
        self._tests[unit] += 1
        return ran

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        if hasattr(self._config, "workerinput"):
            self._config.workeroutput["expense"] = (dict(self._seconds), dict(self._tests))  # type: ignore[attr-defined]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        seconds, tests = getattr(node, "workeroutput", {}).get("expense", ({}, {}))
        self._seconds.update(seconds)
        self._tests.update(tests)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section(f"where time goes: {sum(self._seconds.values()):.0f} s of processor time")
        for unit, seconds in self._seconds.most_common(ROWS):
            terminalreporter.write_line(f"{seconds:8.1f} s {self._tests[unit]:5d}  {unit}")


def adopt_orphans() -> None:
    """A browser leaves processes behind whose parent has ended; they become ours, and their time stays in sight."""
    subreaper = 36  # PR_SET_CHILD_SUBREAPER of <linux/prctl.h>
    if Path("/proc/self/stat").exists():
        ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0)


def spent() -> float:
    """Seconds of processor time so far: of this process, of children that have ended, and of all its living descendants."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system + sum(_living(os.getpid()))


def _living(ancestor: int) -> Iterator[float]:
    children: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text("utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        children[int(fields[1])].append((int(file.parent.name), sum(map(int, fields[11:15])) / _TICKS))
    known = [ancestor]
    for parent in known:
        for process, seconds in children[parent]:
            yield seconds
            known.append(process)
