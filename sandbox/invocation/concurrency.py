"""How many may run at once: a function's reserved concurrency, else its share of the Region's unreserved pool.

Reasons are AWS's ThrottleReason values (fact Q-29); the answer's body is the recorded one (research, localstack snapshots).
"""

from __future__ import annotations

from typing import Protocol

from sandbox.errors import AwsError
from sandbox.functions.function import Target
from sandbox.invocation.settings import InvocationSettings

ACCOUNT = "ConcurrentInvocationLimitExceeded"
RESERVED = "ReservedFunctionConcurrentInvocationLimitExceeded"
ACCOUNT_RATE = "FunctionInvocationRateLimitExceeded"
RESERVED_RATE = "ReservedFunctionInvocationRateLimitExceeded"


class Allotments(Protocol):
    """Who knows what has been set aside (the registry)."""

    def reserved(self, target: Target) -> int | None: ...

    def unreserved(self, account_id: str, region: str) -> int: ...


class Flight:
    """What runs of one function, or of one Region, right now."""

    __slots__ = ("in_flight", "requests", "second", "unreserved")

    def __init__(self) -> None:
        self.in_flight = 0
        self.unreserved = 0  # Region only
        self.second = -1
        self.requests = 0


class Concurrency:
    def __init__(self, allotments: Allotments, settings: InvocationSettings) -> None:
        self._allotments = allotments
        self._settings = settings
        self._functions: dict[tuple[str, str, str], Flight] = {}
        self._regions: dict[tuple[str, str], Flight] = {}

    def function(self, account_id: str, region: str, name: str) -> Flight:
        """Kept while the account lives: one small object per function that was ever called."""
        return self._functions.setdefault((account_id, region, name), Flight())

    def region(self, account_id: str, region: str) -> Flight:
        return self._regions.setdefault((account_id, region), Flight())

    def enter(self, target: Target, function: Flight, region: Flight, now: float) -> tuple[str, bool]:
        """(why it is throttled or empty, whether it runs in reserved concurrency). Entered calls must ``leave``."""
        reserved = self._allotments.reserved(target)
        if reserved is not None:
            if function.in_flight >= reserved:
                return RESERVED, True
            reason = RESERVED_RATE if self._over_rate(function, reserved, now) else ""
        else:
            limit = self._settings.unreserved_floor
            if region.unreserved >= limit:  # below the floor nobody can be throttled, so the sum need not be made
                limit = self._allotments.unreserved(target.version.account_id, target.version.region)
                if region.unreserved >= limit:
                    return ACCOUNT, False
            reason = ACCOUNT_RATE if self._over_rate(region, self._settings.account_concurrency, now) else ""
            region.unreserved += not reason
        if reason:
            return reason, reserved is not None
        function.in_flight += 1
        region.in_flight += 1
        return "", reserved is not None

    def leave(self, function: Flight, region: Flight, *, reserved: bool) -> None:
        function.in_flight -= 1
        region.in_flight -= 1
        if not reserved:
            region.unreserved -= 1

    def clear(self) -> None:
        self._functions.clear()
        self._regions.clear()

    def _over_rate(self, flight: Flight, concurrency: int, now: float) -> bool:
        if not self._settings.request_rate_limited:
            return False
        second = int(now)
        if flight.second != second:
            flight.second, flight.requests = second, 0
        if flight.requests >= concurrency * self._settings.requests_per_s_per_environment:
            return True
        flight.requests += 1
        return False


def throttled(reason: str) -> AwsError:
    return AwsError("TooManyRequestsException", "Rate Exceeded.", 429, fields={"Reason": reason, "Type": "User"})
