"""How many batches of a standard queue run at once: five, and up to 300 more each minute while there is a backlog (fact S-04)."""

from __future__ import annotations

from sandbox import facts

_STEP_S = 60.0


class Scaling:
    """``ceiling`` is the mapping's MaximumConcurrency, 0 when none was set."""

    __slots__ = ("_allowed", "_since", "ceiling")

    def __init__(self, ceiling: int = 0) -> None:
        self.ceiling = ceiling
        self.rest()

    def rest(self) -> None:
        """The queue is empty: back to the beginning."""
        self._allowed = facts.limits()["poller_batches"].min or 0
        self._since = -1.0

    def allowed(self, now: float) -> int:
        """Called while there is a backlog."""
        if self._since < 0:
            self._since = now
        steps = int((now - self._since) // _STEP_S)
        if steps:
            self._since += steps * _STEP_S
            self._allowed += steps * facts.limit("poller_batches_per_min")
        at_most = facts.limit("poller_batches")
        self._allowed = min(self._allowed, at_most)
        return int(min(self._allowed, self.ceiling or at_most))
