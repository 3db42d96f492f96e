"""Invoke: what is asked is checked, a target found, a place taken, an environment found; the answer comes through ``done``.

Authorization has been decided before. Everything here completes through callbacks and may complete before ``invoke`` returns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.faults import Faults
from sandbox.functions.function import FunctionVersion, Target
from sandbox.ids import Ids
from sandbox.invocation.attempt import Attempt, Chunk
from sandbox.invocation.call import Answer, Call, Done
from sandbox.invocation.concurrency import Concurrency, throttled
from sandbox.invocation.environment_spec import LOG_STREAM, Credentials, Packages
from sandbox.invocation.environments import Environments
from sandbox.invocation.plan import Plan, system_log
from sandbox.invocation.plans import Plans
from sandbox.invocation.report_line import Status
from sandbox.invocation.request_checks import checked_payload, too_large
from sandbox.invocation.settings import InvocationSettings
from sandbox.invocation.surroundings import Surroundings
from sandbox.invocation.tracing import Tracer
from sandbox.runtime.environment import Environment, InitReport
from sandbox.telemetry.logs import LogDelivery, Record
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.timeline import Timeline


class Functions(Protocol):
    """What this room asks of the registry."""

    def resolve(self, account_id: str, region: str, function: str, qualifier: str | None, draw: float) -> Target: ...

    def reserved(self, target: Target) -> int | None: ...

    def unreserved(self, account_id: str, region: str) -> int: ...

    def provisioned(self, version: FunctionVersion) -> int: ...


class Invoker:
    """``accept_event`` takes Event calls (the asynchronous queue) and returns their request id."""

    def __init__(
        self,
        registry: Functions,
        environments: Environments,
        clock: Clock,
        ids: Ids,
        logs: LogDelivery,
        metrics: Metrics,
        timeline: Timeline,
        credentials: Credentials,
        packages: Packages,
        settings: InvocationSettings | None = None,
    ) -> None:
        self.settings = settings or InvocationSettings()
        self.accept_event: Callable[[Call], str] | None = None
        self._registry = registry
        self._faults: Faults | None = None
        self._concurrency = Concurrency(registry, self.settings)
        self._plans = Plans(registry, metrics, self._concurrency, self.settings)
        self._around = Surroundings(
            clock, ids, environments, credentials, packages, self._concurrency, self._plans, logs, timeline, self.settings
        )

    @property
    def busy(self) -> int:
        """Invocations under way."""
        return self._around.busy

    def trace_by(self, tracer: Tracer) -> None:
        """From now on invocations that are to be traced are."""
        self._around.tracer = tracer

    def refuse_by(self, faults: Faults) -> None:
        """From now on fault rules of the kind ``throttle`` refuse attempts."""
        self._faults = faults

    def open_variables_by(self, opened: Callable[[FunctionVersion], None]) -> None:
        """``opened`` is called for each new environment and raises AwsError when the variables' key cannot be used."""
        self._around.open_variables = opened

    def on_idle(self, action: Callable[[], None] | None, held: Callable[[], int] = int) -> None:
        """``action`` is called whenever an invocation has ended and none goes on but those that ``held`` counts."""
        self._around.on_idle, self._around.held = action, held

    def invoke(self, call: Call, done: Done, chunk: Chunk | None = None) -> None:
        """``chunk`` takes a streamed response's pieces (``call.stream``); ``done`` comes after the last one."""
        try:
            target, payload = self.check(call)
        except AwsError as error:
            done(error)
            return
        if call.invocation_type == "DryRun":
            done(Answer(204))
        elif call.invocation_type == "Event":
            self._queue(call, done)
        else:
            self.attempt(call, target, payload, done, chunk)

    def check(self, call: Call) -> tuple[Target, bytes]:
        """What is known without running anything: size, target, state, JSON. Raises AwsError."""
        settings = self.settings
        bytes_max = settings.event_bytes_max if call.invocation_type == "Event" else settings.request_bytes_max
        if len(call.payload) > bytes_max:
            raise too_large(bytes_max)
        return self.target(call), checked_payload(call.payload)

    def target(self, call: Call) -> Target:
        """Which version this call runs now (an alias may draw another one next time). Raises AwsError."""
        draw = self._around.ids.draw()
        target = self._registry.resolve(call.account_id, call.region, call.function, call.qualifier or None, draw)
        if target.version.state != "Active":
            raise not_active(target.version.state)
        return target

    def plan(self, target: Target) -> Plan:
        return self._plans.of(target)

    def attempt(self, call: Call, target: Target, payload: bytes, done: Done, chunk: Chunk | None = None) -> None:
        """Run a checked call now, or answer that it is throttled."""
        around = self._around
        plan = self._plans.of(target)
        now = around.clock.now()
        refusal = self._injected(call, target) if self._faults else None
        if refusal is not None:
            if refusal.status == 429:
                plan.meter.throttled(int(now // 60))
                why = f"{plan.title} throttled: {refusal.message}"
                around.timeline.add("throttle", why, cause=call.cause, source=call.source)
            done(refusal)
            return
        reason, reserved = self._concurrency.enter(target, plan.flight, plan.region_flight, now)
        if reason:
            plan.meter.throttled(int(now // 60))
            around.timeline.add("throttle", f"{plan.title} throttled: {reason}", cause=call.cause, source=call.source)
            done(throttled(reason))
            return
        around.busy += 1
        request_id = call.request_id or around.ids.uuid()
        entry = around.timeline.add("invoke", plan.title, cause=call.cause, request_id=request_id, source=call.source)
        Attempt(around, plan, call, payload, request_id, target.invoked_arn, reserved, done, chunk).begin(now, entry)

    def provision(self, version: FunctionVersion, count: int) -> None:
        """Keep ``count`` environments of a version initialised ahead; their INIT is logged when it happens."""
        around = self._around
        around.environments.provision(
            version,
            count,
            lambda provisioned: around.make_spec(version, provisioned=provisioned),
            lambda environment, init: self._initialised_ahead(version, environment, init),
        )

    def reset(self) -> None:
        """Forget what is under way and counted. What still ends then is answered, but leaves no line, metric or entry behind."""
        self._plans.clear()
        self._concurrency.clear()
        self._around.over = True
        self._around = replace(self._around, busy=0, over=False)

    def _injected(self, call: Call, target: Target) -> AwsError | None:
        if self._faults is None:
            return None
        version = target.version
        facts = {"resource": (target.invoked_arn, version.qualified_arn, version.arn), "source": (call.source,)}
        fault = self._faults.strike("throttle", facts, f"invocation of {version.name}", call.cause)
        return fault.error if fault is not None else None

    def _queue(self, call: Call, done: Done) -> None:
        if self.accept_event is None:
            done(AwsError("ServiceException", "This account has no asynchronous queue.", 500))
            return
        try:
            request_id = self.accept_event(call)
        except AwsError as error:
            done(error)
            return
        done(Answer(202, request_id=request_id))

    def _initialised_ahead(self, version: FunctionVersion, environment: Environment, init: InitReport) -> None:
        log, records = system_log(version), list[Record]()
        now_ms = self._around.clock.now_ms()
        log.init_start(records, now_ms - int(init.duration_ms), provisioned=True)
        records.extend((int(record.at * 1000), record.text + "\n") for record in init.logs)
        status: Status = "success" if init.kind == "ok" else "timeout" if init.kind == "timeout" else "error"
        error_type = str((init.error or {}).get("errorType", "Runtime.ExitError")) if status == "error" else ""
        log.init_end(records, now_ms, "init", status, error_type, init.duration_ms, provisioned=True)
        stream = environment.spec.variables[LOG_STREAM]
        self._around.logs.deliver(version.account_id, version.region, version.role, version.log_group, stream, records)
        title = f"{version.name}:{version.version} initialised ahead: {status}"
        self._around.timeline.add("init", title, duration_ms=init.duration_ms, log_stream=stream, error=error_type)
        self._around.rest()


def not_active(state: str) -> AwsError:
    """Recorded for Pending (localstack/localstack, tests for function states): 409, a conflict."""
    message = f"The operation cannot be performed at this time. The function is currently in the following state: {state}"
    return AwsError("ResourceConflictException", message, 409, fields={"Type": "User"})
