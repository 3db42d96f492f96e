"""Retriers and catchers of one state (guide, "concepts-error-handling"): defaults 1 s, 3 attempts, doubling, no jitter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sandbox.ids import Ids
from sandbox.workflows.failure import Failure

_INTERVAL_S, _ATTEMPTS, _RATE = 1, 3, 2.0


class Retries:
    """Counts from the moment the state is entered, each retrier for itself."""

    def __init__(self, state: Mapping[str, Any], ids: Ids) -> None:
        self._retriers = list(state.get("Retry") or ())
        self._ids = ids
        self._used: Counter[int] = Counter()

    @property
    def total(self) -> int:
        return self._used.total()

    def wait(self, failure: Failure) -> float | None:
        """Seconds before the next attempt; None when there is none."""
        for number, retrier in enumerate(self._retriers):
            if failure.is_one_of(list(retrier["ErrorEquals"])):
                if self._used[number] >= int(retrier.get("MaxAttempts", _ATTEMPTS)):
                    return None
                interval, rate = float(retrier.get("IntervalSeconds", _INTERVAL_S)), float(retrier.get("BackoffRate", _RATE))
                delay = float(interval * rate ** self._used[number])
                self._used[number] += 1
                delay = min(delay, float(retrier.get("MaxDelaySeconds", delay)))
                return delay * self._ids.draw() if retrier.get("JitterStrategy") == "FULL" else delay
        return None


def catcher_for(state: Mapping[str, Any], failure: Failure) -> Mapping[str, Any] | None:
    for catcher in state.get("Catch") or ():
        if failure.is_one_of(list(catcher["ErrorEquals"])):
            found: Mapping[str, Any] = catcher
            return found
    return None
