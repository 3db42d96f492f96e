"""One ticking timer for all busy environments: deadlines and memory. An invocation costs it a dictionary entry, no timer."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

_TICK_S = 0.015
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024 if hasattr(os, "sysconf") else 4


class Watched(Protocol):
    """What the watchdog asks of a busy environment."""

    deadline: float  # in the loop's time
    memory_limit_kb: int

    @property
    def keeper_pid(self) -> int: ...

    def timed_out(self) -> None: ...

    def out_of_memory(self, used_kb: int) -> None: ...


class Watchdog:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._busy: dict[int, Watched] = {}
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, key: int, environment: Watched) -> None:
        self._busy[key] = environment
        if self._timer is None:
            self._arm()
        elif environment.deadline < self._timer.when():
            self._timer.cancel()
            self._arm()

    def forget(self, key: int) -> None:
        self._busy.pop(key, None)

    def _arm(self) -> None:
        """The next tick, or the next deadline if that comes first."""
        when = min((each.deadline for each in self._busy.values()), default=float("inf"))
        self._timer = self._loop.call_at(min(when, self._loop.time() + _TICK_S), self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self._loop.time()
        for environment in list(self._busy.values()):
            if environment.deadline <= now:
                environment.timed_out()
            elif environment.keeper_pid:
                used_kb = tree_rss_kb(environment.keeper_pid)
                if used_kb > environment.memory_limit_kb:
                    environment.out_of_memory(used_kb)
        if self._busy:
            self._arm()

    def close(self) -> None:
        self._busy.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def tree_rss_kb(keeper: int) -> int:
    """Memory of everything below a keeper, itself excluded; 0 without ``/proc``. Shared pages count in each process."""
    total = 0
    pending = list(children_of(keeper))
    while pending:
        process = pending.pop()
        with contextlib.suppress(OSError, ValueError, IndexError):
            total += int(Path(f"/proc/{process}/statm").read_bytes().split()[1]) * _PAGE_KB
        pending.extend(children_of(process))
    return total


def inner_id(process: int) -> int:
    """A process's id in the process namespace next below ours; 0 if it has none."""
    try:
        text = Path(f"/proc/{process}/status").read_text("ascii", "replace")
        return int(text.partition("NSpid:")[2].split("\n", 1)[0].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def children_of(process: int) -> Iterable[int]:
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_bytes().split()]
    except OSError:
        return []
