"""An alias: a name for a version, and perhaps a second version that gets a share of the invocations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Alias:
    """``weights`` holds at most one additional version and its share in [0, 1)."""

    name: str
    version: str
    revision_id: str
    description: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)

    def choose(self, draw: float) -> str:
        """The version for one invocation; ``draw`` is uniform in [0, 1), so a seed fixes every choice."""
        for version, weight in self.weights.items():
            if draw < weight:
                return version
        return self.version

    @property
    def versions(self) -> tuple[str, ...]:
        return (self.version, *self.weights)
