"""Resource limits of a function's process. Memory proper is watched from outside; here are the backstops."""

from __future__ import annotations

import contextlib
import resource
from typing import Any

_MB = 1024 * 1024
_ADDRESS_SPACE_SLACK_MB = 512  # mappings that are no memory use: shared libraries, arenas, thread stacks
_ADDRESS_SPACE_BEYOND_MB = 1536  # of large functions: before anybody can see two gigabytes the kernel fills them for a second


def apply(spec: dict[str, Any]) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, spec["file_descriptors_max"])
    _limit(resource.RLIMIT_NPROC, spec["processes_max"])
    if spec["program"]:
        return  # V8 and others reserve far more address space than they use
    memory_mb = spec["memory_mb"]
    _limit(resource.RLIMIT_AS, (memory_mb + min(memory_mb + _ADDRESS_SPACE_SLACK_MB, _ADDRESS_SPACE_BEYOND_MB)) * _MB)


def cap_files(tmp_mb: int) -> None:
    """Where ``/tmp`` is an ordinary directory, one file at least cannot outgrow it."""
    _limit(resource.RLIMIT_FSIZE, tmp_mb * _MB)


def _limit(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name only
        resource.setrlimit(which, (value, value))
