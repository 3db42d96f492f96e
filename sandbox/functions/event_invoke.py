"""How asynchronous invocations of one function, version or alias are retried, aged out and reported."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import facts


@dataclass(frozen=True, slots=True)
class EventInvokeConfig:
    """None and empty mean the caller never said; ``attempts_max`` and ``age_s`` then apply AWS's defaults."""

    modified: float
    maximum_retry_attempts: int | None = None
    maximum_event_age_s: int | None = None
    on_success: str = ""
    on_failure: str = ""

    @property
    def attempts_max(self) -> int:
        retries = self.maximum_retry_attempts
        return 1 + (facts.default("async_retries") if retries is None else retries)

    @property
    def age_s(self) -> int:
        return facts.default("async_event_age_s") if self.maximum_event_age_s is None else self.maximum_event_age_s
