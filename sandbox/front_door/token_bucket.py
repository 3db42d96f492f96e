"""Throttling as API Gateway does it: a token bucket for every limit, on the account's clock (guide, "Throttle requests")."""

from __future__ import annotations

from sandbox.clock import Clock

_KEPT_MAX = 10_000


class TokenBuckets:
    """Buckets by any key; a changed rate or burst starts a full bucket."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[object, ...], tuple[float, float]] = {}

    def take(self, key: tuple[object, ...], rate: float, burst: float) -> bool:
        """Whether one more request fits; nothing does where the burst is 0."""
        now = self._clock.now()
        place = (*key, rate, burst)
        tokens, at = self._buckets.get(place, (float(burst), now))
        tokens = min(float(burst), tokens + max(0.0, now - at) * rate)
        if len(self._buckets) >= _KEPT_MAX and place not in self._buckets:
            del self._buckets[next(iter(self._buckets))]
        fits = tokens >= 1.0
        self._buckets[place] = (tokens - 1.0 if fits else tokens, now)
        return fits

    def clear(self) -> None:
        self._buckets.clear()
