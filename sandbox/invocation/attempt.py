"""One attempt: an environment is taken, INIT is accounted for, the handler runs, and what came of it is written down.

An INIT that fails is repeated inside the first invocation, with the function's own timeout, and billed with it; its lines come
before START (AWS docs, "Init phase"; log lines recorded 2026-04).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox.errors import AwsError
from sandbox.invocation import error_document
from sandbox.invocation.call import Answer, Call, Done
from sandbox.invocation.environment_spec import LOG_STREAM
from sandbox.invocation.environments import Lease
from sandbox.invocation.plan import Plan
from sandbox.invocation.report_line import Figures, Phase, Status, billed_ms
from sandbox.invocation.request_checks import error_type_of
from sandbox.invocation.surroundings import Surroundings
from sandbox.invocation.tracing import Span, exception_of
from sandbox.runtime.environment import EnvironmentSpec, Event, InitReport, InvocationReport
from sandbox.telemetry.logs import Record

Chunk = Callable[[bytes], None]


_WAITING = frozenset({"api", "url"})  # sources whose caller holds a connection open


class Attempt:
    __slots__ = (
        "_around",
        "_call",
        "_chunk",
        "_done",
        "_entry",
        "_init_ms",
        "_invoked_arn",
        "_lease",
        "_payload",
        "_plan",
        "_records",
        "_request_id",
        "_reserved",
        "_span",
        "_spec",
        "_started",
        "_streamed",
        "_suppressed_ms",
    )

    def __init__(
        self,
        around: Surroundings,
        plan: Plan,
        call: Call,
        payload: bytes,
        request_id: str,
        invoked_arn: str,
        reserved: bool,
        done: Done,
        chunk: Chunk | None,
    ) -> None:
        self._around = around
        self._plan = plan
        self._call = call
        self._payload = payload
        self._request_id = request_id
        self._invoked_arn = invoked_arn
        self._reserved = reserved
        self._done = done
        self._chunk = chunk
        self._records: list[Record] = []
        self._init_ms: float | None = None
        self._suppressed_ms = -1.0  # duration of an INIT repeated inside this invocation; negative while none was needed
        self._spec: EnvironmentSpec | None = None
        self._streamed = 0
        self._lease: Lease | None = None
        self._started = 0.0
        self._entry = 0
        self._span: Span | None = None

    def begin(self, now: float, cause: int) -> None:
        plan, around = self._plan, self._around
        self._started = now
        self._entry = cause
        minute = int(now // 60)
        plan.meter.entered(minute, plan.flight.in_flight)
        around.plans.measure_region(plan, minute)
        self._acquire()

    def _acquire(self) -> None:
        plan, around = self._plan, self._around
        try:
            around.environments.acquire(plan.version, self._make_spec, self._ready)
        except AwsError as error:  # no environment can be made, such as for a role that is gone
            plan.meter.abandoned()
            around.left(plan, reserved=self._reserved)
            self._done(error)

    def _make_spec(self, provisioned: bool) -> EnvironmentSpec:
        """A fresh environment; for a repeated INIT another one that keeps the log stream, with the function's timeout."""
        if self._spec is None:
            return self._around.make_spec(self._plan.version, provisioned=provisioned)
        return replace(
            self._spec, environment_id=self._around.new_environment_id(), init_timeout_s=float(self._plan.version.timeout_s)
        )

    def _ready(self, lease: Lease) -> None:
        self._lease = lease
        init = lease.init
        if init is not None and not self._initialised(lease, init):
            return
        self._run(lease)

    def _initialised(self, lease: Lease, init: InitReport) -> bool:
        """Whether the handler may run now; if not, INIT is repeated or the invocation has ended with its error."""
        plan, records = self._plan, self._records
        now_ms = self._around.clock.now_ms()
        repeated = self._suppressed_ms >= 0.0
        failed = init.kind != "ok"
        if not repeated:
            plan.log.init_start(records, now_ms - int(init.duration_ms), provisioned=lease.provisioned)
        records.extend((int(record.at * 1000), record.text + "\n") for record in init.logs)
        status, error_type = _init_outcome(init, self._request_id, plan.timeout_s)
        now_ms = _not_before(records, now_ms)
        if failed or not repeated:
            phase: Phase = "invoke" if repeated else "init"
            plan.log.init_end(records, now_ms, phase, status, error_type, init.duration_ms, provisioned=lease.provisioned)
        if repeated:
            self._suppressed_ms = init.duration_ms
        if not failed:
            if not repeated:
                self._init_ms = init.duration_ms
            return True
        self._around.environments.release(lease, alive=False)
        if repeated:
            self._fail_without_running(init, now_ms)
        else:
            self._suppressed_ms = 0.0
            self._spec = lease.environment.spec
            self._acquire()
        return False

    def _run(self, lease: Lease) -> None:
        plan, call = self._plan, self._call
        now = self._around.clock.now()
        now_ms = int(now * 1000)
        timeout_s = max(0.001, plan.timeout_s - max(0.0, self._suppressed_ms) / 1000.0)
        plan.log.start(self._records, _not_before(self._records, now_ms), self._request_id)
        event = Event(
            self._request_id,
            self._payload,
            self._invoked_arn,
            now_ms + int(timeout_s * 1000),
            timeout_s,
            self._trace_header(now),
            call.client_context,
            "",
            "",
            call.stream,
            call.source,
            self._entry,
        )
        lease.environment.invoke(event, self._finished, self._forward if self._chunk is not None else None)

    def _trace_header(self, now: float) -> str:
        header = self._call.trace_header or self._around.new_trace_header(now)
        if self._around.tracer is not None:
            self._span = self._around.tracer.begin(self._plan.version, header)
        return header if self._span is None else self._span.header

    def _forward(self, data: bytes) -> None:
        """A piece of a streamed response; what goes beyond the limit is not passed on (fact Q-10)."""
        self._streamed += len(data)
        if self._chunk is not None and self._streamed <= self._around.settings.stream_bytes_max:
            self._chunk(data)

    def _finished(self, report: InvocationReport) -> None:
        plan, around, lease = self._plan, self._around, self._lease
        if lease is None:  # only after a defect in the runtime: a report for something that was never started
            return
        now_ms = around.clock.now_ms()
        error_type, payload, status, crashed = self._outcome(report)
        duration_ms = report.duration_ms + max(0.0, self._suppressed_ms)
        if report.kind == "timeout":
            duration_ms = plan.timeout_s * 1000.0  # recorded: exactly the timeout, not what stopping it took
        figures = Figures(
            duration_ms,
            billed_ms(duration_ms, self._init_ms),
            report.max_memory_mb,
            self._init_ms,
            status,
            error_type if crashed else "",
            len(report.payload),
            self._span,
        )
        records = self._records
        for record in report.logs:
            records.append((int(record.at * 1000), record.text + "\n"))
        # Inline, a handler's own time runs ahead of a virtual clock that stands still: END never comes before what it ends.
        plan.log.end(records, _not_before(records, now_ms), self._request_id, figures)
        if self._chunk is not None and status == "success" and payload and not self._streamed:
            self._forward(payload)
        around.environments.release(lease, alive=report.alive)
        self._conclude(figures, error_type, payload, lease, dict(report.stream_head) if report.stream_head else None)

    def _outcome(self, report: InvocationReport) -> tuple[str, bytes, Status, bool]:
        """(error type, payload, status, whether the environment rather than the handler failed)."""
        settings = self._around.settings
        if report.kind == "ok":
            streaming = self._chunk is not None
            bytes_max = settings.stream_bytes_max if streaming else settings.response_bytes_max
            if max(len(report.payload), self._streamed) <= bytes_max:
                return "", report.payload, "success", False
            error_type, payload = error_document.response_too_large(bytes_max)
            return error_type, payload, "error", False
        if report.kind == "error":
            return error_type_of(report.payload), report.payload, "error", False
        error_type, payload = error_document.of_crash(report, self._request_id, self._plan.timeout_s)
        return error_type, payload, "timeout" if report.kind == "timeout" else "error", True

    def _fail_without_running(self, init: InitReport, now_ms: int) -> None:
        """INIT failed twice: the invocation ends with its error, START, END and REPORT all the same (recorded 2026-04)."""
        plan = self._plan
        status, _ = _init_outcome(init, self._request_id, plan.timeout_s)
        error_type, payload = error_document.of_failed_init(init, self._request_id, plan.timeout_s)
        duration_ms = plan.timeout_s * 1000.0 if init.kind == "timeout" else init.duration_ms
        figures = Figures(duration_ms, billed_ms(duration_ms, None), init.max_memory_mb, None, status, error_type)
        plan.log.start(self._records, now_ms, self._request_id)
        plan.log.end(self._records, now_ms, self._request_id, figures)
        lease = self._lease
        if lease is not None:
            self._conclude(figures, error_type, payload, lease, None)

    def _conclude(
        self, figures: Figures, error_type: str, payload: bytes, lease: Lease, stream_head: dict[str, object] | None
    ) -> None:
        plan, around = self._plan, self._around
        failed = bool(error_type) or figures.status != "success"
        answer = Answer(
            200,
            b"" if self._chunk is not None and not failed else payload,
            self._request_id,
            "Unhandled" if failed else "",
            plan.version.version,
            self._tail() if self._call.log_tail else b"",
            error_type,
            {} if stream_head is None else stream_head,
            self._span.answered if self._span is not None else "",
        )
        # A waiting caller is answered before the books are written: nothing else runs in between, so nobody can tell but by time.
        waiting = self._call.source in _WAITING
        if waiting:
            self._done(answer)
        if not around.over:
            self._trace(figures, error_type, payload)
            self._write_down(figures, error_type, lease, failed=failed)
        around.left(plan, reserved=self._reserved)
        if not waiting:
            self._done(answer)

    def _write_down(self, figures: Figures, error_type: str, lease: Lease, *, failed: bool) -> None:
        """Lines to the log, numbers to the metrics, the end to the timeline."""
        plan, around = self._plan, self._around
        stream = lease.environment.spec.variables[LOG_STREAM]
        around.logs.deliver(plan.account_id, plan.region, plan.role, plan.log_group, stream, self._records)
        minute = int(self._started // 60)
        plan.meter.left(minute, figures.duration_ms, failed=failed)
        around.plans.measure_provisioned(plan, lease, minute)
        kind, title = ("failure", f"{plan.title} failed: {error_type}") if failed else ("success", plan.title)
        around.timeline.add(
            kind, title, cause=self._entry, request_id=self._request_id, duration_ms=figures.duration_ms, log_stream=stream
        )

    def _trace(self, figures: Figures, error_type: str, payload: bytes) -> None:
        tracer, span = self._around.tracer, self._span
        if tracer is not None and span is not None:
            error, version = exception_of(error_type, payload), self._plan.version
            tracer.end(span, version, self._request_id, self._started, figures.init_ms, figures.duration_ms, error)

    def _tail(self) -> bytes:
        """The last 4 KB of this invocation's lines, raw; AWS leaves INIT_START out of it."""
        lines = (text if text.endswith("\n") else text + "\n" for _, text in self._records if not text.startswith("INIT_START "))
        return "".join(lines).encode()[-self._around.settings.log_tail_bytes :]


def _not_before(records: list[tuple[int, str]], now_ms: int) -> int:
    return max(now_ms, records[-1][0]) if records else now_ms


def _init_outcome(init: InitReport, request_id: str, timeout_s: float) -> tuple[Status, str]:
    if init.kind == "ok":
        return "success", ""
    error_type, _ = error_document.of_failed_init(init, request_id, timeout_s)
    return ("timeout" if init.kind == "timeout" else "error"), error_type
