"""Provisioned concurrency: environments a version or alias keeps initialised ahead of its invocations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProvisionedStatus = Literal["IN_PROGRESS", "READY", "FAILED"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """What the pool has made of a request: ``available`` environments are idle, ``failure`` is AWS's reason code text."""

    allocated: int
    available: int
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ProvisionedConfig:
    requested: int
    modified: float

    def status(self, allocation: Allocation) -> ProvisionedStatus:
        if allocation.failure:
            return "FAILED"
        return "READY" if allocation.allocated >= self.requested else "IN_PROGRESS"
