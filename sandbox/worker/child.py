"""The process a function runs in: INIT, then one event after the other, over pipes.

Records leave at once through the log pipe, so a killed function loses none; the account reads that pipe when it needs to, not
for every line. File descriptors 1 and 2 lead to a third pipe, for what does not come from Python.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import sys
import time
from _thread import allocate_lock
from dataclasses import dataclass
from time import monotonic, perf_counter
from time import time as machine_time
from typing import Any

from . import frames, unanswered
from .bootstrap import Bootstrap, Request, Settings
from .fault import ShownPaths
from .output import LineStream
from .shown_time import ShownTime

_READ_BYTES = 65536
_RECORD_BYTES_MAX = 1_048_550  # one CloudWatch log event


@dataclass(frozen=True, slots=True)
class Pipes:
    """File descriptors of the child's ends."""

    event: int
    control: int
    log: int
    raw: int

    def all(self) -> tuple[int, int, int, int]:
        return self.event, self.control, self.log, self.raw


@dataclass(slots=True)
class Born:
    """A new environment's process, ready to become the function's. ``at`` is ``perf_counter`` at its fork."""

    spec: dict[str, Any]
    pipes: Pipes
    paths: ShownPaths
    at: float


class PipeSink:
    """Log records to the account, bounded per invocation; what is beyond is dropped with a marker."""

    def __init__(self, pipes: Pipes, bytes_max: int) -> None:
        self._pipes = pipes
        self._bytes_max = bytes_max
        self._left = bytes_max
        self._lock = allocate_lock()
        self._forked = False
        self.sent_bytes = 0
        os.set_blocking(pipes.log, False)
        os.register_at_fork(after_in_child=self._fork)

    def _fork(self) -> None:
        """A child of the function must not write into the middle of its parent's frames: it falls back to plain output."""
        self._forked = True

    def log(self, text: str) -> None:
        data = text.rstrip("\n").encode()
        if self._forked:
            os.write(self._pipes.raw, data + b"\n")
            return
        with self._lock:
            self._bounded(data)

    def _bounded(self, data: bytes) -> None:
        if self._left < 0:
            return
        self._left -= len(data) + 1
        if self._left < 0:
            data = b"[sandbox] Output beyond %d bytes in one invocation is dropped." % self._bytes_max
        for start in range(0, len(data) or 1, _RECORD_BYTES_MAX):
            self._send(data[start : start + _RECORD_BYTES_MAX])

    def _send(self, data: bytes) -> None:
        frame = frames.HEAD.pack(frames.LOG, 8 + len(data)) + frames.STAMP.pack(machine_time()) + data
        self.sent_bytes += len(frame)
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self._pipes.log, view) :]
            except BlockingIOError:
                os.write(self._pipes.control, frames.pack(frames.DRAIN, b""))
                poll = select.poll()
                poll.register(self._pipes.log, select.POLLOUT)
                poll.poll()

    def renew(self) -> None:
        """A new invocation: the whole allowance again."""
        self._left = self._bytes_max
        self.sent_bytes = 0


class Child:
    """Drives one ``Bootstrap``. ``born`` is when this process came to be (``perf_counter``), where INIT is counted from."""

    def __init__(self, spec: dict[str, Any], pipes: Pipes, paths: ShownPaths, born: float) -> None:
        self._spec = spec
        self._pipes = pipes
        self._born = born
        self._sink = PipeSink(pipes, spec["log_bytes_max"])
        self._streams = (LineStream(self._sink.log, 1), LineStream(self._sink.log, 2))
        sys.stdout, sys.stderr = self._streams
        settings = Settings(spec["handler"], spec["log_format"], spec["log_level"])
        self._bootstrap = Bootstrap(settings, self._sink, paths)
        self._time = ShownTime()
        if "botocore" in sys.modules:  # imported ahead of the fork
            unanswered.install(self._time.pass_by)

    def run(self) -> None:
        """Until the account closes the event pipe. An init error ends the process with status 1, as AWS's runtime does."""
        gc.enable()
        self._time.show(self._spec["ahead_s"])
        try:
            error = self._bootstrap.start()
        except BaseException:
            self._finish_output()
            raise
        self._finish_output()
        body = b"" if error is None else json.dumps(error, ensure_ascii=False).encode("utf-8", "replace")
        self._answer(frames.READY if error is None else frames.FAILED, self._born, body)
        if error is not None:
            sys.exit(1)
        self._serve()

    def _serve(self) -> None:
        reader = frames.FrameReader(self._spec["event_bytes_max"])
        read, event = os.read, self._pipes.event
        while data := read(event, _READ_BYTES):
            for _, body in reader.feed(data):
                self._one(body)
        os._exit(0)

    def _one(self, body: bytes) -> None:
        started = perf_counter()
        fields, payload = frames.unpack_event(body)
        request_id, arn, timeout_s, stream, trace, client_context, identity, tenant, ahead_s, skew_s = fields
        end = monotonic() + float(timeout_s)
        self._time.show(float(ahead_s), float(skew_s))
        self._sink.renew()
        request = Request(
            request_id, arn, payload, lambda: int((end - monotonic()) * 1000), trace, client_context, identity, tenant
        )
        try:
            ok, answer = self._bootstrap.invoke(request)
        finally:
            self._finish_output()
        limit = self._spec["stream_bytes_max" if stream else "response_bytes_max"]
        if len(answer) > limit:
            answer = answer[: limit + 1]  # one byte too many is all the account needs to know
        self._answer(frames.RESULT_OK if ok else frames.RESULT_ERROR, started, answer)

    def _finish_output(self) -> None:
        for stream in self._streams:
            stream.finish()

    def _answer(self, kind: int, started: float, body: bytes) -> None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        peak_kb = usage.ru_maxrss if sys.platform != "darwin" else usage.ru_maxrss // 1024
        spent_us = min(int((perf_counter() - started) * 1e6), 0xFFFFFFFF)
        figures = frames.RESULT.pack(spent_us, peak_kb, min(self._sink.sent_bytes, 0xFFFFFFFF))
        view = memoryview(frames.pack(kind, figures + body))
        while view:
            view = view[os.write(self._pipes.control, view) :]


def take_over(spec: dict[str, Any], pipes: Pipes) -> Pipes:
    """Make this process the function's: its own session, descriptors, environment, directory, search path."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0, inheritable=True)
    os.close(null)
    os.dup2(pipes.raw, 1, inheritable=True)
    os.dup2(pipes.raw, 2, inheritable=True)
    os.close(pipes.raw)
    os.environ.clear()
    os.environ.update(spec["variables"])
    if hasattr(time, "tzset"):
        time.tzset()
    sys.argv[:] = ["/var/runtime/bootstrap.py"]
    return Pipes(pipes.event, pipes.control, pipes.log, 1)
