"""The metrics Lambda emits, with AWS's names, units and dimension sets (docs: monitoring-metrics-types, monitoring-metrics).

Invocations, Errors, Throttles, Duration and the asynchronous ones appear under FunctionName, under FunctionName + Resource
(``name`` or ``name:qualifier``), for an alias also with ExecutedVersion, and without dimensions. Concurrency is a level, not a
sum, so each of its aggregates is measured by itself.
"""

from __future__ import annotations

from sandbox.telemetry.metrics import Dimensions, Metrics
from sandbox.telemetry.statistics import Track

NAMESPACE = "AWS/Lambda"
COUNT = "Count"
MILLISECONDS = "Milliseconds"
NO_DIMENSIONS: Dimensions = ()


def function_dimensions(name: str) -> Dimensions:
    return (("FunctionName", name),)


def resource_dimensions(name: str, resource: str) -> Dimensions:
    return (("FunctionName", name), ("Resource", resource))


class FunctionMeter:
    """Everything one resource (function, version or alias) of one executed version emits. Made once, used for every invoke."""

    __slots__ = (
        "_concurrent",
        "_duration",
        "_errors",
        "_function_concurrent",
        "_invocations",
        "_meter",
        "_provisioned",
        "_throttles",
        "in_flight",
    )

    def __init__(
        self, metrics: Metrics, account_id: str, region: str, name: str, qualifier: str, alias: str, version: str
    ) -> None:
        resource = f"{name}:{qualifier}" if qualifier else name
        by_resource = resource_dimensions(name, resource)
        by_function = function_dimensions(name)
        sets: tuple[Dimensions, ...] = (by_function, by_resource, NO_DIMENSIONS)
        if alias:
            executed = (("ExecutedVersion", version), *by_resource)
            sets = (*sets, executed)
        self._meter = metrics.meter(account_id, region, NAMESPACE, sets)
        self._invocations = self._meter.track("Invocations", COUNT)
        self._errors = self._meter.track("Errors", COUNT)
        self._throttles = self._meter.track("Throttles", COUNT)
        self._duration = self._meter.track("Duration", MILLISECONDS)
        one_resource = metrics.meter(account_id, region, NAMESPACE, (by_resource,))
        whole_function = metrics.meter(account_id, region, NAMESPACE, (by_function,))
        self._concurrent = one_resource.track("ConcurrentExecutions", COUNT)
        self._function_concurrent = whole_function.track("ConcurrentExecutions", COUNT)
        self._provisioned = metrics.meter(account_id, region, NAMESPACE, (by_function, by_resource))
        self.in_flight = 0

    def entered(self, minute: int, function_in_flight: int) -> None:
        self.in_flight += 1
        self._concurrent.add(minute, self.in_flight)
        self._function_concurrent.add(minute, function_in_flight)

    def left(self, minute: int, duration_ms: float, *, failed: bool) -> None:
        """``minute`` is that of the invocation's start: Errors carry it too (docs: monitoring-metrics-types, Errors)."""
        self.in_flight -= 1
        self._invocations.add(minute, 1)
        self._errors.add(minute, 1 if failed else 0)
        self._throttles.add(minute, 0)
        self._duration.add(minute, duration_ms)

    def abandoned(self) -> None:
        """The invocation ended without running; it is neither an Invocation nor an Error."""
        self.in_flight -= 1

    def throttled(self, minute: int) -> None:
        self._throttles.add(minute, 1)

    def provisioned(self, minute: int, in_use: int, configured: int) -> None:
        self._provisioned.track("ProvisionedConcurrencyInvocations", COUNT).add(minute, 1)
        self._provisioned.track("ProvisionedConcurrentExecutions", COUNT).add(minute, in_use)
        used = in_use / configured if configured else 0.0
        self._provisioned.track("ProvisionedConcurrencyUtilization", COUNT).add(minute, used)

    def spilled_over(self, minute: int) -> None:
        self._provisioned.track("ProvisionedConcurrencySpilloverInvocations", COUNT).add(minute, 1)

    def event_received(self, minute: int) -> None:
        self._meter.track("AsyncEventsReceived", COUNT).add(minute, 1)

    def event_age(self, minute: int, age_ms: float) -> None:
        self._meter.track("AsyncEventAge", MILLISECONDS).add(minute, age_ms)

    def event_dropped(self, minute: int) -> None:
        self._meter.track("AsyncEventsDropped", COUNT).add(minute, 1)

    def recursion_dropped(self, minute: int) -> None:
        self._meter.track("RecursiveInvocationsDropped", COUNT).add(minute, 1)

    def dead_letter_error(self, minute: int) -> None:
        self._meter.track("DeadLetterErrors", COUNT).add(minute, 1)

    def destination_failure(self, minute: int) -> None:
        self._meter.track("DestinationDeliveryFailures", COUNT).add(minute, 1)


class RegionMeter:
    """The concurrency levels of a whole Region, without dimensions."""

    __slots__ = ("_all", "_claimed", "_unreserved")

    def __init__(self, metrics: Metrics, account_id: str, region: str) -> None:
        meter = metrics.meter(account_id, region, NAMESPACE, (NO_DIMENSIONS,))
        self._all: Track = meter.track("ConcurrentExecutions", COUNT)
        self._unreserved: Track = meter.track("UnreservedConcurrentExecutions", COUNT)
        self._claimed: Track = meter.track("ClaimedAccountConcurrency", COUNT)

    def levels(self, minute: int, in_flight: int, unreserved: int, allocated: int) -> None:
        """``allocated`` is the reserved concurrency of all functions (ClaimedAccountConcurrency = unreserved + allocated)."""
        self._all.add(minute, in_flight)
        self._unreserved.add(minute, unreserved)
        self._claimed.add(minute, unreserved + allocated)
