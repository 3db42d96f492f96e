"""What is suffered when a rule strikes. Which fields mean something depends on the kind of the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.errors import AwsError

Moment = Literal["", "start", "end", "idle"]


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer instead of the own one, a delay before it, or both; ``run`` says whether a handler runs all the same.

    ``moment`` or ``after_s``: when an execution environment is lost. ``duplicates`` and ``delay_s``: what happens to a delivery.
    """

    rule: str
    code: str = ""
    message: str = ""
    status: int = 0
    latency_s: float = 0.0
    run: bool = False
    response: Mapping[str, Any] | None = None
    moment: Moment = ""
    after_s: float = 0.0
    duplicates: int = 0
    delay_s: float = 0.0
    skew_s: float = 0.0

    @property
    def error(self) -> AwsError | None:
        """As AWS would answer; None when the rule only delays."""
        return AwsError(self.code, self.message, self.status) if self.code else None

    @property
    def effect(self) -> str:
        """For people, such as ``ThrottlingException, 2 s later``."""
        said = [self.code] if self.code else []
        if self.response is not None:
            said.append(f"answers {self.response['statusCode']}")
        if self.run:
            said.append("after the handler ran")
        if self.moment:
            said.append(_MOMENTS[self.moment])
        for value, words in (
            (self.after_s, f"lost after {self.after_s:g} s"),
            (self.latency_s, f"{self.latency_s:g} s later"),
            (self.duplicates, f"delivered {self.duplicates + 1} times"),
            (self.delay_s, f"held back for {self.delay_s:g} s"),
            (self.skew_s, f"clock off by {self.skew_s:+g} s"),
        ):
            if value:
                said.append(words)
        return ", ".join(said) or "crashes"


_MOMENTS: Mapping[str, str] = {
    "start": "lost before the handler ran",
    "end": "lost before the answer was out",
    "idle": "lost when idle",
}
