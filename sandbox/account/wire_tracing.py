"""X-Ray: Lambda's segments by the functions' roles, everybody's through the API, in one store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane import xray_api
from sandbox.invocation.tracing import May, Tracer
from sandbox.telemetry.traces import Traces

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_tracing(account: Account, may: May) -> Traces:
    traces = Traces()
    tracer = Tracer(traces, may, account.ids, account.timeline)
    account.invoker.trace_by(tracer)
    xray_api.install(account.plane.services, traces)
    account.on_reset += [traces.clear, tracer.clear]
    return traces
