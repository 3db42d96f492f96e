"""Deployment configurations for Lambda: how much traffic moves when.

The named ones: CodeDeploy user guide, "Predefined deployment configurations for an AWS Lambda compute platform".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.errors import AwsError

DEFAULT = "CodeDeployDefault.LambdaAllAtOnce"
_PREFIX = "CodeDeployDefault.Lambda"


@dataclass(frozen=True, slots=True)
class Pace:
    """``kind`` is TimeBasedCanary, TimeBasedLinear or AllAtOnce; the first share moves at once, the next after ``minutes``."""

    name: str
    kind: str
    percent: int = 100
    minutes: int = 0

    def shares(self) -> list[int]:
        """Percent of the traffic on the new version after each step; the last is 100."""
        if self.kind == "TimeBasedCanary":
            return [self.percent, 100]
        if self.kind == "TimeBasedLinear":
            return [*range(self.percent, 100, self.percent), 100]
        return [100]

    def shown(self) -> dict[str, Any]:
        rule = {"canaryPercentage": self.percent, "canaryInterval": self.minutes}
        if self.kind == "TimeBasedLinear":
            rule = {"linearPercentage": self.percent, "linearInterval": self.minutes}
        routing: dict[str, Any] = {"type": self.kind}
        if self.kind != "AllAtOnce":
            routing[self.kind[0].lower() + self.kind[1:]] = rule
        return routing


def _named() -> dict[str, Pace]:
    paces = [Pace(DEFAULT, "AllAtOnce")]
    paces += [Pace(f"{_PREFIX}Canary10Percent{m}Minutes", "TimeBasedCanary", 10, m) for m in (5, 10, 15, 30)]
    paces += [
        Pace(f"{_PREFIX}Linear10PercentEvery{m}Minute{'s' if m > 1 else ''}", "TimeBasedLinear", 10, m) for m in (1, 2, 3, 10)
    ]
    return {pace.name: pace for pace in paces}


NAMED = _named()


def from_request(name: str, routing: Mapping[str, Any] | None) -> Pace:
    """A custom configuration; AwsError for one that does not say how much and how often."""
    kind = (routing or {}).get("type") or "AllAtOnce"
    if kind == "AllAtOnce":
        return Pace(name, kind)
    key, stem = ("timeBasedCanary", "canary") if kind == "TimeBasedCanary" else ("timeBasedLinear", "linear")
    rule = (routing or {}).get(key) or {}
    percent, minutes = int(rule.get(f"{stem}Percentage") or 0), int(rule.get(f"{stem}Interval") or 0)
    if not 1 <= percent <= 99:
        raise AwsError("InvalidTrafficRoutingConfigurationException", f"{stem}Percentage must be between 1 and 99.")
    if not 1 <= minutes <= 2880:
        raise AwsError("InvalidTrafficRoutingConfigurationException", f"{stem}Interval must be between 1 and 2880 minutes.")
    return Pace(name, kind, percent, minutes)
