"""The lines Lambda writes around a function's own output, in plain text (LogFormat Text).

START, END and REPORT with its trailing tab: recorded (localstack/localstack, test_lambda.snapshot.json, 2025-11). ``Status`` and
``Error Type`` of a crash or timeout, with no separate "Task timed out" line: AWS docs, "Failures during the invoke phase", new
style. INIT_REPORT: same page, "Failures during the Init phase"; written for a failed INIT and for provisioned environments.
"""

from __future__ import annotations

from math import ceil
from typing import Literal, NamedTuple, Protocol

from sandbox.functions.function import FunctionVersion
from sandbox.functions.runtime_management import runtime_version_arn
from sandbox.invocation.tracing import Span
from sandbox.telemetry.logs import Record

Status = Literal["success", "error", "timeout"]
Phase = Literal["init", "invoke"]


class Figures(NamedTuple):
    """The numbers and the outcome of one invocation. ``init_ms`` is None unless this invocation was a cold start.

    ``error_type`` is set when the environment crashed or timed out: an error the handler raised has a status but no type here.
    """

    duration_ms: float
    billed_ms: int
    max_memory_mb: int
    init_ms: float | None
    status: Status
    error_type: str = ""
    produced_bytes: int = 0
    span: Span | None = None  # of the trace, where there is one


class SystemLog(Protocol):
    """Appends Lambda's own records for one version to ``out``; which ones depends on format and level."""

    def init_start(self, out: list[Record], at_ms: int, *, provisioned: bool) -> None: ...

    def init_end(
        self,
        out: list[Record],
        at_ms: int,
        phase: Phase,
        status: Status,
        error_type: str,
        duration_ms: float,
        *,
        provisioned: bool,
    ) -> None: ...

    def start(self, out: list[Record], at_ms: int, request_id: str) -> None: ...

    def end(self, out: list[Record], at_ms: int, request_id: str, figures: Figures) -> None: ...


class TextLog:
    """LogFormat Text knows no levels: everything is written."""

    __slots__ = ("_init_start", "_memory", "_version")

    def __init__(self, version: FunctionVersion) -> None:
        name, arn = runtime_version(version)
        self._init_start = f"INIT_START Runtime Version: {name}\tRuntime Version ARN: {arn}\n"
        self._version = f" Version: {version.version}\n"
        self._memory = f" ms\tMemory Size: {version.memory_mb} MB\tMax Memory Used: "

    def init_start(self, out: list[Record], at_ms: int, *, provisioned: bool) -> None:
        del provisioned
        out.append((at_ms, self._init_start))

    def init_end(
        self,
        out: list[Record],
        at_ms: int,
        phase: Phase,
        status: Status,
        error_type: str,
        duration_ms: float,
        *,
        provisioned: bool,
    ) -> None:
        if status == "success" and not provisioned:
            return
        line = f"INIT_REPORT Init Duration: {duration_ms:.2f} ms\tPhase: {phase}\tStatus: {status}"
        out.append((at_ms, f"{line}\tError Type: {error_type}\n" if error_type and status == "error" else f"{line}\n"))

    def start(self, out: list[Record], at_ms: int, request_id: str) -> None:
        out.append((at_ms, "START RequestId: " + request_id + self._version))

    def end(self, out: list[Record], at_ms: int, request_id: str, figures: Figures) -> None:
        out.append((at_ms, "END RequestId: " + request_id + "\n"))
        out.append((at_ms, self.report(request_id, figures)))

    def report(self, request_id: str, figures: Figures) -> str:
        line = (
            f"REPORT RequestId: {request_id}\tDuration: {figures.duration_ms:.2f} ms\tBilled Duration: {figures.billed_ms}"
            f"{self._memory}{figures.max_memory_mb} MB\t"
        )
        if figures.init_ms is not None:
            line = f"{line}Init Duration: {figures.init_ms:.2f} ms\t"
        if figures.status == "timeout":
            line = f"{line}Status: timeout\n"
        elif figures.error_type:
            line = f"{line}Status: error\tError Type: {figures.error_type}\n"
        else:
            line = f"{line}\n"
        span = figures.span  # recorded: a line of its own within the same event
        return f"{line}XRAY TraceId: {span.trace_id}\tSegmentId: {span.service_id}\tSampled: true\t\n" if span else line


def billed_ms(duration_ms: float, init_ms: float | None) -> int:
    """INIT is billed with the invocation that waited for it, rounded up together (facts E-01, P-05; AWS blog of 2025-04-29)."""
    # ceil(2.0000000001) would bill a millisecond for a rounding error of the sum
    return max(1, ceil(round(duration_ms + (init_ms or 0.0), 6)))


def runtime_version(version: FunctionVersion) -> tuple[str, str]:
    """("python:3.14.v1", its ARN). AWS counts its patches there; this account has one of each, so it is always v1."""
    family = next((each for each in ("python", "nodejs", "provided.") if version.runtime.startswith(each)), "")
    name = f"{family.rstrip('.')}:{version.runtime.removeprefix(family).removesuffix('.x')}" if family else version.runtime
    return f"{name}.v1", version.runtime_version_arn or runtime_version_arn(version.region, version.runtime)
