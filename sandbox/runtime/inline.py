"""The runtime without processes: functions run in the account's own interpreter, in a browser or in fast tests.

Everything completes before ``start`` and ``invoke`` return. Handlers, logs, errors and the context are the child process's own
code (``sandbox.worker``), so both runtimes say the same.

Borders, against the process runtime: memory is not limited, and the figure reported is the whole interpreter's; a deadline is
met at sleeps, at calls to the account, and (``watch_cpu``, on in the browser) between lines, not inside C code or asyncio and
threading waits; ``/tmp`` has no size; output counts when it comes through ``sys.stdout``, not from descriptor 1; ``fork`` is
refused; named loggers, warning filters and standard library globals are shared.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from sandbox import facts
from sandbox.clock import Clock
from sandbox.errors import InternalError
from sandbox.runtime.environment import (
    PYTHON_RUNTIMES,
    EnvironmentSpec,
    Event,
    InitKind,
    InitReport,
    InvocationKind,
    InvocationReport,
    LogRecord,
    OnChunk,
    OnDone,
    OnInit,
)
from sandbox.runtime.inline_state import InterpreterState, ProcessEnded, inside, outside
from sandbox.runtime.inline_time import DeadlinePassed, TimeView, real_counter
from sandbox.runtime.package import merge_layers
from sandbox.runtime.variables import complete_variables
from sandbox.worker.bootstrap import Bootstrap, Request, Settings
from sandbox.worker.fault import ShownPaths, language_paths
from sandbox.worker.output import LineStream
from sandbox.worker.paths import PathMap

__all__ = ["InlineEnvironment", "InlineRuntime", "outside"]

LOG_BYTES_MAX = 4 * 1024 * 1024  # of one invocation, as in the process runtime
_LINES_BETWEEN_CHECKS = 200


class RecordSink:
    """Log records of one invocation, bounded."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._records: list[LogRecord] = []
        self._left = LOG_BYTES_MAX

    def log(self, text: str) -> None:
        if self._left < 0:
            return
        self._left -= len(text) + 1
        if self._left < 0:
            text = f"[sandbox] Output beyond {LOG_BYTES_MAX} bytes in one invocation is dropped."
        self._records.append(LogRecord(self._now(), text.rstrip("\n")))

    def collect(self) -> tuple[LogRecord, ...]:
        records, self._records = self._records, []
        self._left = LOG_BYTES_MAX
        return tuple(records)


class InlineEnvironment:
    """Implements ``Environment``."""

    def __init__(self, runtime: InlineRuntime, spec: EnvironmentSpec, scratch: Path) -> None:
        self.spec = spec
        self.alive = True
        self._runtime = runtime
        self._scratch = scratch
        self._busy = False
        tmp, opt = scratch / "tmp", merge_layers(scratch.parent / "layers", spec.layer_dirs) or scratch / "opt"
        tmp.mkdir(parents=True)
        prefixes = {"/var/task": str(spec.code_dir), "/opt": str(opt), "/tmp": str(tmp)}  # noqa: S108 - the function's own
        kept = tuple(entry for entry in sys.path if entry)
        self._sink = RecordSink(self._now)
        self._streams = (LineStream(self._sink.log, 1), LineStream(self._sink.log, 2))
        self._state = InterpreterState(PathMap(prefixes, kept), complete_variables(spec), self._streams)
        settings = Settings(spec.handler, spec.log_format, spec.application_log_level)
        self._bootstrap = Bootstrap(settings, self._sink, ShownPaths({**language_paths(), str(spec.code_dir): "/var/task"}))

    def _now(self) -> float:
        view = self._state.view
        return self._runtime.clock.now() if view is None else view.now()

    def initialise(self) -> InitReport:
        view = TimeView(self._runtime.clock, self.spec.init_timeout_s, self._runtime.counter)
        outcome, kind, exit_status = self._run(self._bootstrap.start, view)
        init_kind: InitKind = "ok" if kind == "ok" and outcome is None else ("timeout" if kind == "timeout" else "exit")
        if kind == "ok" and outcome is not None:
            init_kind = "error"
        self.alive = init_kind == "ok"
        duration_ms = view.elapsed_s() * 1000
        return InitReport(init_kind, duration_ms, self._sink.collect(), outcome, exit_status, self._memory_mb())

    def invoke(self, event: Event, done: OnDone, chunk: OnChunk | None = None) -> None:
        if self._busy:
            raise InternalError(f"environment {self.spec.environment_id} is busy")
        if not self.alive:
            done(InvocationReport("exit", b"", 0.0, 0, (), alive=False))
            return
        view = TimeView(self._runtime.clock, event.timeout_s, self._runtime.counter, event.skew_s)
        request = Request(
            event.request_id,
            event.invoked_function_arn,
            event.payload,
            view.remaining_ms,
            event.trace_header,
            event.client_context,
            event.identity,
            event.tenant_id,
        )
        outcome, kind, exit_status = self._run(lambda: self._bootstrap.invoke(request), view)
        ok, payload = outcome if outcome is not None else (False, b"")
        limit = facts.limit("stream_bytes" if event.stream else "response_bytes")
        payload = payload[: limit + 1]  # one byte too many is all the account needs to know
        if kind == "ok" and not ok:
            kind = "error"
        self.alive = self.alive and kind in ("ok", "error")
        if kind == "ok" and chunk is not None:
            chunk(payload)
        logs = self._sink.collect()
        duration_ms = view.elapsed_s() * 1000
        done(InvocationReport(kind, payload, duration_ms, self._memory_mb(), logs, alive=self.alive, exit_status=exit_status))

    def stop(self) -> None:
        if self._scratch.exists():
            shutil.rmtree(self._scratch, ignore_errors=True)
        self.alive = False

    def _run(self, code: Callable[[], Any], view: TimeView) -> tuple[Any, InvocationKind, str]:
        """What the code returned, how it ended, and its exit status."""
        self._busy = True
        outcome, kind, exit_status = None, "ok", ""
        try:
            with inside(self._state, view), _watched(view, self._runtime.watch_cpu):
                try:
                    outcome = code()
                except DeadlinePassed:
                    view.expired = True
                except ProcessEnded as end:
                    kind, exit_status = "exit", end.exit_status
                except SystemExit as end:
                    kind, exit_status = "exit", self._exit_status(end)
                except KeyboardInterrupt:
                    raise  # the person at the keyboard, not the function
                except BaseException:  # noqa: BLE001 - as in a process of its own: a traceback on stderr and status 1
                    self._streams[1].write(traceback.format_exc())
                    kind, exit_status = "exit", "exit status 1"
                for stream in self._streams:
                    stream.finish()
        finally:
            self._busy = False
        if view.expired or view.remaining_s() <= 0:
            return None, "timeout", ""
        return outcome, kind, exit_status  # type: ignore[return-value]

    def _exit_status(self, end: SystemExit) -> str:
        if end.code is None or end.code == 0:
            return ""
        if isinstance(end.code, int):
            return f"exit status {end.code & 0xFF}"
        self._streams[1].write(f"{end.code}\n")
        return "exit status 1"

    def _memory_mb(self) -> int:
        return min(self._runtime.memory_mb(), self.spec.memory_mb)


class _watched:  # noqa: N801 - used as a statement
    """Looks at the deadline between lines of Python; costs much, so only where nothing else can interrupt a loop."""

    def __init__(self, view: TimeView, on: bool) -> None:
        self._view = view
        self._on = on
        self._left = _LINES_BETWEEN_CHECKS

    def __enter__(self) -> None:
        if self._on:
            self._before = sys.gettrace()
            sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        if self._on:
            sys.settrace(self._before)

    def _trace(self, _frame: FrameType, _event: str, _argument: Any) -> Any:
        self._left -= 1
        if self._left <= 0:
            self._left = _LINES_BETWEEN_CHECKS
            self._view.check()
        return self._trace


def _stopped() -> float:
    return 0.0


class InlineRuntime:
    """Implements ``Runtime``. ``root`` holds the environments' ``/tmp``; ``watch_cpu`` also ends loops that never sleep.

    Without ``measured`` the host's time does not count: durations are what passed on the account's clock.
    """

    isolation = "none"

    def __init__(self, clock: Clock, *, root: Path | None = None, watch_cpu: bool | None = None, measured: bool = True) -> None:
        self.clock = clock
        self.counter = real_counter if measured else _stopped
        self.watch_cpu = sys.platform == "emscripten" if watch_cpu is None else watch_cpu
        self._root = Path(tempfile.mkdtemp(prefix="lambda-inline-")) if root is None else root
        self._made = 0
        self._environments: list[InlineEnvironment] = []

    @property
    def runtimes(self) -> tuple[str, ...]:
        return PYTHON_RUNTIMES

    def start(self, spec: EnvironmentSpec, done: OnInit) -> InlineEnvironment:
        self._made += 1
        environment = InlineEnvironment(self, spec, self._root / f"environment-{self._made}")
        self._environments = [each for each in self._environments if each.alive] + [environment]
        done(environment.initialise())
        return environment

    def memory_mb(self) -> int:
        """Of the whole interpreter: there is only one."""
        if sys.platform == "emscripten":
            import pyodide_js  # type: ignore[import-not-found]  # noqa: PLC0415 - exists in a page only

            return int(pyodide_js._module.HEAP8.length) >> 20
        import resource  # noqa: PLC0415 - absent in a page

        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) >> (20 if sys.platform == "darwin" else 10)

    def close(self) -> None:
        for environment in self._environments:
            environment.stop()
        self._environments.clear()
        shutil.rmtree(self._root, ignore_errors=True)
