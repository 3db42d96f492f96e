"""What every attempt finds around it: time, environments, the books, and the count of those under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.functions.function import FunctionVersion
from sandbox.ids import Ids
from sandbox.invocation.concurrency import Concurrency
from sandbox.invocation.environment_spec import Credentials, Packages, environment_spec
from sandbox.invocation.environments import Environments
from sandbox.invocation.plan import Plan
from sandbox.invocation.plans import Plans
from sandbox.invocation.settings import InvocationSettings
from sandbox.invocation.tracing import Tracer
from sandbox.runtime.environment import EnvironmentSpec
from sandbox.telemetry.logs import LogDelivery
from sandbox.telemetry.timeline import Timeline


@dataclass(slots=True)
class Surroundings:
    """``on_idle`` is called whenever an attempt has ended and none goes on: those left, if any, are ``held`` by the clock alone.
    ``over`` after a reset: late attempts only answer."""

    clock: Clock
    ids: Ids
    environments: Environments
    credentials: Credentials
    packages: Packages
    concurrency: Concurrency
    plans: Plans
    logs: LogDelivery
    timeline: Timeline
    settings: InvocationSettings
    tracer: Tracer | None = None
    open_variables: Callable[[FunctionVersion], None] | None = None  # AwsError when its key does not let Lambda
    busy: int = 0
    on_idle: Callable[[], None] | None = None
    held: Callable[[], int] = int
    over: bool = False

    def make_spec(self, version: FunctionVersion, *, provisioned: bool) -> EnvironmentSpec:
        if self.open_variables is not None:
            self.open_variables(version)
        return environment_spec(
            version,
            self.new_environment_id(),
            self.clock.now(),
            provisioned=provisioned,
            packages=self.packages,
            credentials=self.credentials,
            settings=self.settings,
        )

    def new_environment_id(self) -> str:
        return self.ids.hex(32)

    def new_trace_header(self, now: float) -> str:
        """Every invocation has one, sampled or not (docs: services-xray)."""
        return f"Root=1-{int(now):08x}-{self.ids.hex(24)};Parent={self.ids.hex(16)};Sampled=0"

    def left(self, plan: Plan, *, reserved: bool) -> None:
        """An attempt has given its environment back; its place is free."""
        self.concurrency.leave(plan.flight, plan.region_flight, reserved=reserved)
        self.busy -= 1
        self.rest()

    def rest(self) -> None:
        """Something has ended; say so if nothing goes on."""
        if self.on_idle is not None and not self.over and self.busy <= self.held():
            self.on_idle()
