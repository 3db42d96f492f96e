"""How much of the machine all functions of one account may take together, whatever each may take by itself."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from sandbox.runtime.environment import EnvironmentSpec, Event, InvocationReport, OnChunk, OnDone


@dataclass(frozen=True, slots=True)
class Ration:
    """``wall_s`` is real time in INIT and handlers, added up over all environments; ``cpu_s`` their processes' CPU time."""

    wall_s: float = inf
    cpu_s: float = inf


class Spending:
    """What has been used of a ration since it was last renewed."""

    def __init__(self, ration: Ration) -> None:
        self._ration = ration
        self._wall_s = 0.0
        self._cpu_s = 0.0

    @property
    def used_up(self) -> bool:
        return self._wall_s >= self._ration.wall_s or self._cpu_s >= self._ration.cpu_s

    @property
    def left_s(self) -> float:
        """Of wall time; none once anything is used up."""
        return 0.0 if self.used_up else self._ration.wall_s - self._wall_s

    def add(self, *, wall_s: float = 0.0, cpu_s: float = 0.0) -> None:
        self._wall_s += wall_s
        self._cpu_s += cpu_s

    def renew(self) -> None:
        self._wall_s = self._cpu_s = 0.0


class NeverStarted:
    """Implements ``Environment`` where nothing is left to start one with: its INIT has timed out."""

    alive = False

    def __init__(self, spec: EnvironmentSpec) -> None:
        self.spec = spec

    def invoke(self, event: Event, done: OnDone, chunk: OnChunk | None = None) -> None:  # noqa: ARG002 - nothing runs
        done(InvocationReport("timeout", b"", event.timeout_s * 1000.0, 0, alive=False))

    def stop(self) -> None:
        """Nothing runs."""
