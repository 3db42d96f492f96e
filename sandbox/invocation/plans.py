"""The plans in use, and the levels measured across functions while they run."""

from __future__ import annotations

from typing import Protocol

from sandbox.functions.function import FunctionVersion, Target
from sandbox.invocation.concurrency import Concurrency
from sandbox.invocation.environments import Lease
from sandbox.invocation.plan import Plan
from sandbox.invocation.settings import InvocationSettings
from sandbox.telemetry.lambda_metrics import FunctionMeter, RegionMeter
from sandbox.telemetry.metrics import Metrics

PLANS_MAX = 4_096


class Allotted(Protocol):
    """What has been set aside (the registry)."""

    def unreserved(self, account_id: str, region: str) -> int: ...

    def provisioned(self, version: FunctionVersion) -> int: ...


class Plans:
    def __init__(self, allotted: Allotted, metrics: Metrics, concurrency: Concurrency, settings: InvocationSettings) -> None:
        self._allotted = allotted
        self._metrics = metrics
        self._concurrency = concurrency
        self._settings = settings
        self._plans: dict[tuple[str, str, str, str, str], Plan] = {}
        self._allocated: dict[tuple[str, str], tuple[int, int]] = {}  # minute, sum

    def of(self, target: Target) -> Plan:
        """The plan for calling a version this way; a new one when the version or the metrics behind it changed."""
        version = target.version
        key = (version.account_id, version.region, version.name, target.qualifier, version.version)
        plan = self._plans.get(key)
        if plan is not None and plan.version is version and plan.meter_epoch == self._metrics.epoch:
            return plan
        if len(self._plans) >= PLANS_MAX:
            self._plans.clear()
        meter = plan.meter if plan is not None and plan.meter_epoch == self._metrics.epoch else None
        plan = self._plans[key] = self._new(target, meter)
        return plan

    def measure_region(self, plan: Plan, minute: int) -> None:
        """What is set aside is summed once a minute: it takes a walk over all functions."""
        place = (plan.account_id, plan.region)
        known_minute, allocated = self._allocated.get(place, (-1, 0))
        if known_minute != minute:
            allocated = self._settings.account_concurrency - self._allotted.unreserved(*place)
            self._allocated[place] = (minute, allocated)
        flight = plan.region_flight
        plan.region_meter.levels(minute, flight.in_flight, flight.unreserved, allocated)

    def measure_provisioned(self, plan: Plan, lease: Lease, minute: int) -> None:
        configured = self._allotted.provisioned(plan.version)
        if lease.provisioned:
            plan.meter.provisioned(minute, min(plan.meter.in_flight + 1, configured), configured)
        elif configured:
            plan.meter.spilled_over(minute)

    def clear(self) -> None:
        self._plans.clear()
        self._allocated.clear()

    def _new(self, target: Target, meter: FunctionMeter | None) -> Plan:
        version, metrics = target.version, self._metrics
        place = (version.account_id, version.region)
        return Plan(
            target,
            self._concurrency.function(*place, version.name),
            self._concurrency.region(*place),
            meter or FunctionMeter(metrics, *place, version.name, target.qualifier, target.alias, version.version),
            RegionMeter(metrics, *place),
            metrics.epoch,
        )
