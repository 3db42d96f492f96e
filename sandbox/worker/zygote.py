"""The fork server: one thread, the modules a handler needs already imported; every environment is a fork of it.

The account sends one frame per environment with the child's ends of its pipes; a *keeper* process is forked for each (see
``keeper``). The account's death is the end of the socket, which ends this process and, with it, all keepers.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from . import box, frames, keeper, seal, warm_boto3
from .child import Born, Pipes

_FRAME_BYTES_MAX = 1 << 20
_PLAIN = """
    base64 collections.abc concurrent.futures copy csv dataclasses datetime email.message functools gzip hashlib hmac http.client
    io itertools mimetypes random secrets socket ssl string subprocess tempfile threading typing urllib.error urllib.parse
    urllib.request zipfile zoneinfo
""".split()  # noqa: SIM905 - readable


@dataclass(slots=True)
class Zygote:
    """Settings come from the account: ``runtime_dir`` holds boto3's packages, ``preload`` says whether to import them."""

    settings: dict[str, Any]
    connection: socket.socket
    box: box.Box
    keepers: dict[int, int] = field(default_factory=dict)  # process id -> environment

    def tell(self, kind: int, environment: int, status: int = 0, process: int = 0) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.sendall(frames.STATUS.pack(kind, environment, status, process))

    def greet(self, door: socket.socket | None) -> None:
        """Say what kind of box this is, and hand over the account's address inside it."""
        hello = frames.STATUS.pack(frames.HELLO, 0, self.box.kind, os.getpid())
        if door is None:
            self.connection.sendall(hello)
            return
        socket.send_fds(self.connection, [hello], [door.fileno()])
        door.close()

    def preload(self) -> None:
        for name in _PLAIN:
            importlib.import_module(name)
        if self.settings["boto3"]:
            warm_boto3.load(self.settings["warm_services"])
        gc.collect()
        gc.freeze()

    def reap(self) -> None:
        while True:
            try:
                process, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            environment = self.keepers.pop(process, None)
            if environment is not None:
                self.tell(frames.GONE, environment)

    def fork(self, message: dict[str, Any], pipes: Pipes) -> Born | None:
        """Born in the function's process, None here."""
        born = time.perf_counter()
        process = self.box.fork()
        if process == 0:
            return keeper.keep(message, pipes, keeper.Surroundings(self.box, self.connection), born)
        self.keepers[process] = message["id"]
        for descriptor in pipes.all():
            os.close(descriptor)
        self.tell(frames.STARTED, message["id"], 0, process)
        return None

    def loop(self, wake: int) -> Born | None:
        reader = frames.FrameReader(_FRAME_BYTES_MAX)
        waiting: list[int] = []
        while True:
            readable, _, _ = select.select([self.connection.fileno(), wake], [], [])
            if wake in readable:
                os.read(wake, 4096)
                self.reap()
            if self.connection.fileno() not in readable:
                continue
            try:
                data, descriptors, _, _ = socket.recv_fds(self.connection, 65536, 64)
            except ConnectionError:
                data, descriptors = b"", []
            if not data:
                self.finish()
            waiting += descriptors
            for _, body in reader.feed(data):
                event, control, log, raw = waiting[:4]
                del waiting[:4]
                born = self.fork(json.loads(body), Pipes(event, control, log, raw))
                if born is not None:
                    return born

    def finish(self) -> None:
        """The account is gone: so are we, and every keeper sweeps before it goes."""
        for process in self.keepers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, self.box.end_signal)
        end = time.monotonic() + 1
        while self.keepers and time.monotonic() < end:
            self.reap()
            time.sleep(0.002)
        os._exit(0)


def _wake_pipe() -> int:
    """SIGCHLD as something to select on."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reading


def serve(settings: dict[str, Any]) -> Born | None:
    """Run the fork server; returns only in a new environment's process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a Ctrl-C in the terminal is the account's business
    gc.disable()
    connection = socket.socket(fileno=settings["socket"])
    door = seal.listen(settings["port"]) if settings["listen"] else None
    sandbox = box.build(settings)
    standard = [entry for entry in sys.path if not entry.rstrip("/").endswith(("site-packages", "dist-packages"))]
    sys.path[:] = [sandbox.runtime_dir, *standard]
    zygote = Zygote(settings, connection, sandbox)
    zygote.greet(door)
    zygote.preload()
    return zygote.loop(_wake_pipe())
