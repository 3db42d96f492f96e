"""A runtime whose environments suffer the account's fault rules: a failing INIT, invocations that fail or lag, sudden losses.

It stands around another runtime, so that logs, REPORT lines, metrics and retries are those of a real failure, as with AWS FIS,
whose actions for functions are an extension inside the environment (FIS user guide, "use-lambda-actions").
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from sandbox.clock import Clock, Timer
from sandbox.faults import Fault, Faults
from sandbox.runtime.environment import (
    Environment,
    EnvironmentSpec,
    Event,
    InitReport,
    InvocationReport,
    OnChunk,
    OnDone,
    OnInit,
    Runtime,
)

_KILLED = "signal: killed"


class FaultyRuntime:
    """Implements ``Runtime``. ``waiting`` counts what the clock alone holds up, INITs too; ``on_wait`` hears of each."""

    def __init__(self, inner: Runtime, faults: Faults, clock: Clock) -> None:
        self.inner = inner
        self.faults = faults
        self.clock = clock
        self.waiting = 0
        self.on_wait: Callable[[], None] | None = None

    @property
    def runtimes(self) -> tuple[str, ...]:
        return self.inner.runtimes

    def start(self, spec: EnvironmentSpec, done: OnInit) -> FaultyEnvironment:
        environment = FaultyEnvironment(self, spec)
        facts = {"resource": _arns(spec)}
        fault = self.faults.strike("init", facts, f"INIT of {spec.function_name}") if self.faults else None
        environment.begin(fault, done)
        return environment

    def close(self) -> None:
        self.inner.close()


class _Hold:
    """A wait on the account's clock."""

    def __init__(self, runtime: FaultyRuntime, seconds: float, then: Callable[[], None]) -> None:
        self._runtime = runtime
        self._then = then
        runtime.waiting += 1
        self._timer: Timer = runtime.clock.call_later(seconds, self._over, "injected delay")
        if runtime.on_wait is not None:
            runtime.on_wait()

    def cancel(self) -> None:
        if self._timer.pending:
            self._timer.cancel()
            self._runtime.waiting -= 1

    def _over(self) -> None:
        self._runtime.waiting -= 1
        self._then()


class FaultyEnvironment:
    """Implements ``Environment``. Without a rule that strikes it is the one inside."""

    def __init__(self, runtime: FaultyRuntime, spec: EnvironmentSpec) -> None:
        self.spec = spec
        self.inner: Environment | None = None
        self._runtime = runtime
        self._arns = _arns(spec)
        self._lost = False
        self._memory_mb = 0
        self._hold: _Hold | None = None
        self._interrupted: Callable[[], None] | None = None  # tells whoever waits for a held INIT or invocation

    @property
    def alive(self) -> bool:
        return not self._lost and bool(getattr(self.inner, "alive", True))

    def begin(self, fault: Fault | None, done: OnInit) -> None:
        if fault is None:
            self._start(0.0, done)
        elif fault.latency_s:
            late_s = min(fault.latency_s, self.spec.init_timeout_s)
            self._interrupted = lambda: done(InitReport("exit", 0.0, exit_status=_KILLED))
            self._wait(late_s, lambda: self._start(late_s, done))
        elif fault.code:
            self._lost = True
            document = {"errorMessage": fault.message, "errorType": fault.code, "requestId": "", "stackTrace": []}
            done(InitReport("error", 0.0, error=document))
        else:
            self._lost = True
            done(InitReport("exit", 0.0, exit_status="exit status 1"))

    def invoke(self, event: Event, done: OnDone, chunk: OnChunk | None = None) -> None:
        faults, inner = self._runtime.faults, self.inner
        if inner is not None and not faults:
            inner.invoke(event, done, chunk)
            return
        facts = {"resource": (*self._arns, event.invoked_function_arn), "source": (event.source,)}
        fault = faults.strike("invocation", facts, f"invocation of {self.spec.function_name}", event.cause)
        skew = faults.strike("clock", {"resource": facts["resource"]}, f"clock of {self.spec.function_name}", event.cause)
        if skew is not None:
            event = replace(event, skew_s=skew.skew_s)
        loss = faults.strike("environment", facts, f"environment of {self.spec.function_name}", event.cause)
        if loss is not None:
            event, done = self._losing(loss, event, done)
        if loss is not None and loss.moment == "start":
            done(InvocationReport("ok", b"", 0.0, self._memory_mb))
        elif fault is None:
            self._run(event, done, chunk)
        elif fault.latency_s:
            self._run_late(fault, event, done, chunk)
        else:
            self._answer(fault, event, done, chunk)

    def stop(self) -> None:
        hold, self._hold = self._hold, None
        interrupted, self._interrupted = self._interrupted, None
        self._lost = True
        if hold is not None:
            hold.cancel()
        if self.inner is not None:
            self.inner.stop()
        if interrupted is not None:
            interrupted()

    # -- inside

    def _start(self, late_s: float, done: OnInit) -> None:
        """``done`` may want to invoke at once, so the environment is there before it hears."""
        reports: list[InitReport] = []
        self._interrupted = None

        def initialised(report: InitReport) -> None:
            self._memory_mb = report.max_memory_mb
            if self.inner is None:
                reports.append(report)
            else:
                done(replace(report, duration_ms=report.duration_ms + late_s * 1000.0) if late_s else report)

        if late_s >= self.spec.init_timeout_s:
            self._lost = True
            done(InitReport("timeout", late_s * 1000.0))
            return
        self.inner = self._runtime.inner.start(self.spec, initialised)
        if reports:
            initialised(reports[0])

    def _run(self, event: Event, done: OnDone, chunk: OnChunk | None) -> None:
        if self.inner is None or not self.alive:
            done(self._killed(InvocationReport("exit", b"", 0.0, self._memory_mb)))
        else:
            self.inner.invoke(event, done, chunk)

    def _run_late(self, fault: Fault, event: Event, done: OnDone, chunk: OnChunk | None) -> None:
        """The delay is part of the duration, and of the function's time (FIS: "a high fidelity timeout event")."""
        late_s = min(fault.latency_s, event.timeout_s)

        def later(report: InvocationReport) -> None:
            done(replace(report, duration_ms=report.duration_ms + late_s * 1000.0))

        def go_on() -> None:
            self._interrupted = None
            rest_s = event.timeout_s - late_s
            if rest_s <= 0:
                self.stop()
                done(InvocationReport("timeout", b"", late_s * 1000.0, self._memory_mb, alive=False))
            elif fault.code or fault.response is not None:
                self._answer(fault, replace(event, timeout_s=rest_s), later, chunk)
            else:
                self._run(replace(event, timeout_s=rest_s), later, chunk)

        self._interrupted = lambda: done(self._killed(InvocationReport("exit", b"", 0.0, self._memory_mb)))
        self._wait(late_s, go_on)

    def _answer(self, fault: Fault, event: Event, done: OnDone, chunk: OnChunk | None) -> None:
        """An error or a response in place of the handler's own, which runs before it if the rule says so."""

        def instead(report: InvocationReport) -> None:
            if report.kind in ("ok", "error"):
                if fault.response is not None:
                    report = replace(report, kind="ok", payload=json.dumps(fault.response).encode())
                else:
                    document = {"errorMessage": fault.message, "errorType": fault.code, "requestId": event.request_id}
                    report = replace(report, kind="error", payload=json.dumps({**document, "stackTrace": []}).encode())
                if chunk is not None and report.kind == "ok":
                    chunk(report.payload)
            done(report)

        if fault.run:
            self._run(event, instead, None)
        else:
            instead(InvocationReport("ok", b"", 0.0, self._memory_mb))

    def _losing(self, loss: Fault, event: Event, done: OnDone) -> tuple[Event, OnDone]:
        """The event and the callback of an invocation that costs the environment."""
        early = bool(loss.after_s) and loss.after_s < event.timeout_s
        if loss.after_s and not early:
            return event, done

        def lost(report: InvocationReport) -> None:
            if loss.moment == "idle":
                done(report)
                self.stop()
            elif early and report.kind != "timeout":
                done(report)  # it had ended before
            else:
                self.stop()
                done(self._killed(report))

        return (replace(event, timeout_s=loss.after_s) if early else event), lost

    @staticmethod
    def _killed(report: InvocationReport) -> InvocationReport:
        return replace(report, kind="exit", payload=b"", alive=False, exit_status=_KILLED)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        def over() -> None:
            self._hold = None
            then()

        self._hold = _Hold(self._runtime, seconds, over)


def _arns(spec: EnvironmentSpec) -> tuple[str, ...]:
    """As patterns may name a function: the version's ARN and the function's own."""
    bare = ":".join(spec.function_arn.split(":")[:7])
    return (spec.function_arn,) if bare == spec.function_arn else (spec.function_arn, bare)
