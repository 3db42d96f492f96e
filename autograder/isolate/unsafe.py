"""No box at all, for whoever says so aloud: code of people one trusts, on a machine that offers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.runtime.box import BoxLimits, Ground


@dataclass(frozen=True, slots=True)
class Unsafe:
    name: str = "none"
    limits: BoxLimits = field(default_factory=BoxLimits)
    isolation: Literal["auto"] = "auto"
    own_processes: bool = False
    own_network: bool = False

    def command(self, program: Sequence[str], ground: Ground) -> list[str]:  # noqa: ARG002 - the protocol's
        return list(program)

    def seal(self, port: int) -> dict[str, Any]:  # noqa: ARG002 - the protocol's
        return {}
