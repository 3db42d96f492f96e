"""One ticking timer for all busy environments: deadlines, memory, CPU. An invocation costs it a dictionary entry, no timer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

_TICK_S = 0.015
_ROUND_S = 0.2
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024 if hasattr(os, "sysconf") else 4
_TICKS_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_STAT = slice(11, 15)  # utime, stime, cutime, cstime of proc_pid_stat(5), counted behind the name
_STAT_PAGES = 21
_PROC_BYTES_MAX = 1 << 16


class Watched(Protocol):
    """What the watchdog asks of a busy environment."""

    deadline: float  # in the loop's time
    memory_limit_kb: int
    processes_max: int

    @property
    def keeper_pid(self) -> int: ...

    def timed_out(self) -> None: ...

    def out_of_memory(self, used_kb: int) -> None: ...

    def too_many_processes(self) -> None: ...

    def has_used(self, cpu_s: float) -> None: ...


class Watchdog:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._busy: dict[int, Watched] = {}
        self._resting: dict[int, Watched] = {}
        self._round: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, key: int, environment: Watched) -> None:
        self._resting.pop(key, None)
        self._busy[key] = environment
        if self._timer is None:
            self._arm()
        elif environment.deadline < self._timer.when():
            self._timer.cancel()
            self._arm()

    def forget(self, key: int) -> None:
        self._busy.pop(key, None)
        self._resting.pop(key, None)

    def rest(self, key: int, environment: Watched) -> None:
        """No invocation and no deadline, but an eye on its memory and processes, now and then."""
        self._busy.pop(key, None)
        self._resting[key] = environment
        if self._round is None:
            self._round = self._loop.call_later(_ROUND_S, self._look_round)

    def _look_round(self) -> None:
        for environment in list(self._resting.values()):
            _weigh(environment)
        self._round = self._loop.call_later(_ROUND_S, self._look_round) if self._resting else None

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
            else:
                _weigh(environment)
        if self._busy:
            self._arm()

    def close(self) -> None:
        self._busy.clear()
        self._resting.clear()
        for timer in (self._timer, self._round):
            if timer is not None:
                timer.cancel()
        self._timer = self._round = None


def _weigh(environment: Watched) -> None:
    if not environment.keeper_pid:
        return
    used_kb, processes, cpu_s = tree(environment.keeper_pid)
    environment.has_used(cpu_s)
    if used_kb > environment.memory_limit_kb:
        environment.out_of_memory(used_kb)
    elif processes > environment.processes_max:
        environment.too_many_processes()


def tree(keeper: int) -> tuple[int, int, float]:
    """Memory (KB), number and CPU seconds of the processes below a keeper; 0 without ``/proc``. Shared pages count in each."""
    used_kb = count = 0
    ticks = sum(_stat(keeper)[_STAT][2:])  # of those that have ended
    pending = list(children_of(keeper))
    while pending:
        process = pending.pop()
        count += 1
        numbers = _stat(process)
        used_kb += sum(numbers[_STAT_PAGES : _STAT_PAGES + 1]) * _PAGE_KB
        ticks += sum(numbers[_STAT])
        pending.extend(children_of(process))
    return used_kb, count, ticks / _TICKS_S


def _stat(process: int) -> list[int]:
    """What ``/proc`` counts of a process, from the fourth field of its line on; empty once it is gone."""
    try:
        line = _read(f"/proc/{process}/stat")
        return [0, *map(int, line.rpartition(b")")[2].split()[1:])]
    except (OSError, ValueError):
        return []


def _read(path: str) -> bytes:
    """Some seventy times a second for each busy environment: a ``Path`` and a buffered file cost more than the kernel does."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(handle, _PROC_BYTES_MAX)
    finally:
        os.close(handle)


def inner_id(process: int) -> int:
    """A process's id in the process namespace next below ours; 0 if it has none."""
    try:
        text = Path(f"/proc/{process}/status").read_text("ascii", "replace")
        return int(text.partition("NSpid:")[2].split("\n", 1)[0].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def children_of(process: int) -> Iterable[int]:
    try:
        return [int(each) for each in _read(f"/proc/{process}/task/{process}/children").split()]
    except OSError:
        return []
