"""One environment as the account sees it: its pipes, its state, and the reports made of what came through them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from sandbox.errors import InternalError
from sandbox.runtime.box import UNBOXED, BoxLimits
from sandbox.runtime.environment import (
    EnvironmentSpec,
    Event,
    InitKind,
    InitReport,
    InvocationKind,
    InvocationReport,
    OnChunk,
    OnDone,
    OnInit,
)
from sandbox.runtime.process_exit import exit_text
from sandbox.runtime.process_output import Output
from sandbox.runtime.process_watchdog import Watchdog, tree
from sandbox.runtime.ration import Spending
from sandbox.worker import frames

if TYPE_CHECKING:
    from sandbox.runtime.process_zygote import ZygoteProcess

_READ_BYTES = 262144
_READS_MAX = 1024  # of what a dead child has left behind


class Channel:
    """The account's ends of the pipes of one child."""

    def __init__(self) -> None:
        self._open: list[int] = []
        theirs: list[int] = []
        self.event = self.control = self.log = self.raw = -1
        for name in ("event", "control", "log", "raw"):
            reading, writing = os.pipe()
            ours, other = (writing, reading) if name == "event" else (reading, writing)
            os.set_blocking(ours, False)
            setattr(self, name, ours)
            self._open.append(ours)
            theirs.append(other)
        self.theirs = theirs

    def close(self) -> None:
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()


class ProcessEnvironment:
    """Implements ``Environment``. Every report goes out exactly once; after death the pipes are closed, ``/tmp`` is removed."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        watchdog: Watchdog,
        key: int,
        spec: EnvironmentSpec,
        on_init: OnInit,
        forget: Callable[[int], None],
        limits: BoxLimits,
        spending: Spending,
    ) -> None:
        self.spec = spec
        self.alive = True
        self.keeper_pid = 0
        self.memory_limit_kb = min(spec.memory_mb, limits.memory_mb) * 1024
        self.processes_max = limits.processes
        self._wall_s = limits.wall_s
        self._boxed = limits is not UNBOXED
        self.deadline = loop.time() + min(spec.init_timeout_s, limits.wall_s, spending.left_s)
        self._spending = spending
        self._cpu_s = 0.0
        self._unspent_ms = 0.0  # account time that passed without the machine's
        self._busy_since: float | None = None  # starting the fork server is none of the function's time
        self._loop = loop
        self._watchdog = watchdog
        self._key = key
        self._forget = forget
        self._on_init: OnInit | None = on_init
        self._done: OnDone | None = None
        self._chunk: OnChunk | None = None
        self._started = perf_counter()
        self._peak_kb = 0
        self._unsent = b""
        self._channel = Channel()
        self._output = Output(self._channel.log, self._channel.raw, limits.output_bytes)
        self._reader = frames.FrameReader(limits.answer_bytes)
        self._zygote: ZygoteProcess | None = None
        self._ahead_s: Callable[[], float] = float
        self._began_at = 0.0  # the INIT or the invocation, on the account's clock
        self.scratch: Path | None = None
        loop.add_reader(self._channel.control, self._readable)
        loop.add_reader(self._channel.raw, self._raw_readable)
        watchdog.watch(key, self)

    def launch(self, zygote: ZygoteProcess, message: dict[str, Any], ahead_s: Callable[[], float]) -> None:
        self._zygote = zygote
        self._ahead_s = ahead_s
        self._begin()
        zygote.start({**message, "ahead_s": self._output.shift_s}, self._channel.theirs)

    def belongs_to(self, zygote: ZygoteProcess) -> bool:
        return self._zygote is zygote

    def invoke(self, event: Event, done: OnDone, chunk: OnChunk | None = None) -> None:
        if self._done is not None or self._on_init is not None:
            raise InternalError(f"environment {self.spec.environment_id} is busy")
        if not self.alive:
            done(InvocationReport("exit", b"", 0.0, 0, (), alive=False))
            return
        self._done = done
        self._chunk = chunk
        self._begin()
        self.deadline = self._loop.time() + min(event.timeout_s, self._wall_s, self._spending.left_s)
        self._watchdog.watch(self._key, self)
        self._started = self._busy_since = perf_counter()
        fields = (
            event.request_id,
            event.invoked_function_arn,
            str(event.timeout_s),
            "1" if event.stream else "",
            event.trace_header,
            event.client_context,
            event.identity,
            event.tenant_id,
            repr(self._output.shift_s),
            repr(event.skew_s),
        )
        self._send(frames.pack_event(fields, event.payload))

    def stop(self) -> None:
        if self.alive:
            self._end("exit", "signal: killed")

    def spend(self, seconds: float, move_to: Callable[[float], None]) -> None:
        """Let it wait in the account's time alone: what it waits for never comes, and its own time may end meanwhile."""
        passed_s = max(0.0, min(seconds, self.deadline - self._loop.time()))
        self.deadline -= passed_s
        self._unspent_ms += passed_s * 1000
        move_to(self._began_at + self._unspent_ms / 1000)
        self._output.shift_s = self._ahead_s()
        if passed_s < seconds:
            self.timed_out()

    # What the watchdog calls.

    def timed_out(self) -> None:
        if self.keeper_pid:
            self._peak_kb = max(self._peak_kb, tree(self.keeper_pid)[0])
        self._end("timeout", "")

    def too_many_processes(self) -> None:
        """Where the kernel does not count them for one environment."""
        self._end("exit", "signal: killed")

    def out_of_memory(self, used_kb: int) -> None:
        self._peak_kb = max(self._peak_kb, used_kb)
        self._end("out_of_memory", "signal: killed")

    def has_used(self, cpu_s: float) -> None:
        self._spending.add(cpu_s=max(0.0, cpu_s - self._cpu_s))
        self._cpu_s = max(self._cpu_s, cpu_s)
        if self._spending.used_up and self._busy_since is None:
            self._end("exit", "signal: killed")
        elif self._spending.used_up:
            self._end("timeout", "")

    # What the fork server reports.

    def started(self, keeper_pid: int) -> None:
        self.keeper_pid = keeper_pid
        self._busy_since = perf_counter()
        if not self.alive:
            self._kill()

    def exited(self, status: int) -> None:
        """The child's last words may still be in its pipe: they come first."""
        for _ in range(_READS_MAX):
            if not (self.alive and self._readable()):
                break
        if self.alive:
            self._end("exit", "could not be set up" if status == -1 else exit_text(status))

    def gone(self) -> None:
        self.keeper_pid = 0
        if self.alive:
            self._end("exit", "signal: killed")
        self._forget(self._key)

    # Pipes.

    def _begin(self) -> None:
        self._output.shift_s = self._ahead_s()
        self._began_at = time() + self._output.shift_s

    def _send(self, data: bytes) -> None:
        try:
            sent = os.write(self._channel.event, data)
        except BlockingIOError:
            sent = 0
        except BrokenPipeError:
            return  # it has died; the fork server says how
        if sent < len(data):
            self._unsent = data[sent:]
            self._loop.add_writer(self._channel.event, self._writable)

    def _writable(self) -> None:
        self._loop.remove_writer(self._channel.event)
        unsent, self._unsent = self._unsent, b""
        self._send(unsent)

    def _readable(self) -> bool:
        """Whether there was anything. One read at a time: a child that never stops writing must not hold the account."""
        try:
            data = os.read(self._channel.control, _READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._channel.control)  # all ends closed; the fork server says why
            return False
        try:
            for kind, body in self._reader.feed(data):
                self._frame(kind, body)
                if not self.alive:
                    break
        except (frames.FrameError, ValueError, KeyError, IndexError, RecursionError):
            self._end("exit", "protocol violated")
        return True

    def _raw_readable(self) -> None:
        if not self._output.drain_raw():
            self._loop.remove_reader(self._channel.raw)

    def _frame(self, kind: int, body: bytes) -> None:
        if kind == frames.DRAIN:
            self._output.drain_log()
            return
        if len(body) < frames.RESULT.size:
            raise frames.FrameError("a result without its head")
        spent_us, peak_kb, log_bytes = frames.RESULT.unpack_from(body)
        self._peak_kb = max(self._peak_kb, peak_kb)
        if peak_kb > self.memory_limit_kb:
            self.out_of_memory(peak_kb)
        elif kind == frames.RESULT_FATAL:
            self._result(False, body[frames.RESULT.size :], spent_us / 1000, log_bytes, last=True)  # noqa: FBT003 - as its callers
            self._end("exit", "")
        elif kind in (frames.RESULT_OK, frames.RESULT_ERROR):
            self._result(kind == frames.RESULT_OK, body[frames.RESULT.size :], spent_us / 1000, log_bytes)
        elif kind == frames.READY:
            self._initialised("ok", spent_us / 1000, None)
        elif kind == frames.FAILED:
            self._initialised("error", spent_us / 1000, json.loads(body[frames.RESULT.size :]))
            self._end("exit", "")
        else:
            raise frames.FrameError(f"unknown frame {kind}")

    def _result(self, ok: bool, payload: bytes, duration_ms: float, log_bytes: int, *, last: bool = False) -> None:
        done, chunk = self._done, self._chunk
        if done is None:
            raise frames.FrameError("a result nobody asked for")
        self._done = self._chunk = None
        self._rest()
        logs = self._output.collect(log_bytes)
        if ok and chunk is not None:
            chunk(payload)
        duration_ms += self._take_unspent_ms()
        done(InvocationReport("ok" if ok else "error", payload, duration_ms, self._peak_mb(), logs, alive=not last))

    def _initialised(self, kind: InitKind, duration_ms: float, error: dict[str, object] | None, exit_status: str = "") -> None:
        done, self._on_init = self._on_init, None
        if done is None:
            raise frames.FrameError("a second initialisation")
        self._rest()
        duration_ms += self._take_unspent_ms()
        done(InitReport(kind, duration_ms, self._output.collect(1), error, exit_status, self._peak_mb()))

    def _take_unspent_ms(self) -> float:
        spent, self._unspent_ms = self._unspent_ms, 0.0
        return spent

    def _rest(self) -> None:
        """Between invocations AWS freezes an environment; here what it leaves running goes on, so in a box it stays watched."""
        self._count_time()
        if self._boxed:
            self._watchdog.rest(self._key, self)
        else:
            self._watchdog.forget(self._key)

    def _count_time(self) -> None:
        since, self._busy_since = self._busy_since, None
        if since is not None:
            self._spending.add(wall_s=perf_counter() - since)

    def _peak_mb(self) -> int:
        return min(-(-self._peak_kb // 1024), self.spec.memory_mb)

    # The end.

    def _end(self, kind: InvocationKind, exit_status: str) -> None:
        """Kill what is left, tell whoever waits, close."""
        if not self.alive:
            return
        self.alive = False
        self._count_time()
        self._kill()
        self._watchdog.forget(self._key)
        elapsed_ms = (perf_counter() - self._started) * 1000 + self._take_unspent_ms()
        logs = self._output.collect(1)
        done, on_init = self._done, self._on_init
        self._done = self._on_init = self._chunk = None
        self._close()
        if on_init is not None:
            init_kind: InitKind = kind if kind in ("timeout", "out_of_memory") else "exit"
            on_init(InitReport(init_kind, elapsed_ms, logs, None, exit_status, self._peak_mb()))
        elif done is not None:
            done(InvocationReport(kind, b"", elapsed_ms, self._peak_mb(), logs, alive=False, exit_status=exit_status))

    def _kill(self) -> None:
        if self.keeper_pid and self._zygote is not None:
            self._zygote.kill_keeper(self.keeper_pid)

    def _close(self) -> None:
        for descriptor in (self._channel.control, self._channel.raw):
            self._loop.remove_reader(descriptor)
        self._loop.remove_writer(self._channel.event)
        self._channel.close()
        if self.scratch is not None:
            with contextlib.suppress(OSError):
                shutil.rmtree(self.scratch)
