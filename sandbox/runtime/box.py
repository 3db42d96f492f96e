"""The box around a fork server, handed down by whoever runs code that is not trusted: what this room asks of one.

A boxed fork server starts through the box's own command, listens for the account inside the box and seals every function's
process before it runs a line of the learner's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Ground:
    """Directories and files the fork server must find at their own paths; ``writable`` ones are the account's scratch."""

    read_only: tuple[str, ...]
    writable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoxLimits:
    """Hard bounds on one environment, whatever its function asks for. ``wall_s`` bounds one invocation, ``cpu_s`` and
    ``open_files`` a process, ``file_mb`` a file and all of ``/tmp``, ``output_bytes`` what one invocation may log and
    ``answer_bytes`` what it may answer. ``environments`` is how many an account may have at once.
    """

    wall_s: float = 30.0
    cpu_s: int = 120
    memory_mb: int = 2048
    processes: int = 256
    open_files: int = 1024
    file_mb: int = 512
    output_bytes: int = 4 * 1024 * 1024
    answer_bytes: int = 32 * 1024 * 1024
    environments: int = 100


# What holds without a box: a function's own timeout and memory, AWS's quotas, and our allowance of output.
UNBOXED = BoxLimits(
    wall_s=inf,
    cpu_s=0,
    memory_mb=1 << 20,
    processes=1 << 20,
    open_files=1 << 20,
    file_mb=1 << 20,
    answer_bytes=1 << 28,
    environments=1 << 20,
)


class Box(Protocol):
    """``name`` goes into reports. ``isolation`` is what the fork server itself must reach, or not start at all."""

    @property
    def name(self) -> str: ...

    @property
    def isolation(self) -> Literal["namespaces", "paths", "auto"]: ...

    @property
    def own_processes(self) -> bool:
        """Whether the fork server lives in a process namespace of its own, where it is process 1."""
        ...

    @property
    def own_network(self) -> bool:
        """Whether the fork server must listen for the account itself, as nothing outside can be reached."""
        ...

    @property
    def limits(self) -> BoxLimits: ...

    def command(self, program: Sequence[str], ground: Ground) -> list[str]:
        """The command that starts ``program`` in the box."""
        ...

    def seal(self, port: int) -> dict[str, Any]:
        """What the fork server does to each function's process, as JSON; ``port`` is the account's."""
        ...
