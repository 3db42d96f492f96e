"""The account's end of a fork server: starts it when first needed, sends it environments to make, hears what becomes of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import worker
from sandbox.runtime.box import Box, Ground
from sandbox.runtime.process_watchdog import children_of, inner_id
from sandbox.worker import frames

_WORKER_DIR = Path(worker.__file__).parent
_PYTHON = getattr(sys, "_base_executable", "") or sys.executable  # not the virtual environment's: functions may start it too
_END_WAIT_S = 3.0

OnStatus = Callable[[int, int, int, int], None]  # kind, environment, status, process id
OnDoor = Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True)
class ZygoteSettings:
    """``boto3`` says whether the fork server imports it ahead."""

    runtime_dir: Path
    packages: tuple[tuple[str, str], ...]  # name below runtime_dir, where it really is
    scratch: Path
    isolation: str
    boto3: bool
    warm_services: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()  # directories of this machine that a private root must not show
    box: Box | None = None
    port: int = 0  # the account's, for a box with a network of its own

    def to_json(self, descriptor: int) -> str:
        fields = {
            "socket": descriptor,
            "runtime_dir": str(self.runtime_dir),
            "packages": self.packages,
            "scratch": str(self.scratch),
            "isolation": self.isolation,
            "boto3": self.boto3,
            "warm_services": self.warm_services,
            "hidden": self.hidden,
            "account": os.getpid(),
            "port": self.port,
            "listen": self.box is not None and self.box.own_network and self.port > 0,
            "seal": {} if self.box is None else self.box.seal(self.port),
        }
        return json.dumps(fields)

    def command(self, descriptor: int) -> list[str]:
        """What starts the fork server, through the box where there is one."""
        program = [_PYTHON, "-I", "-S", "-X", "utf8", str(_WORKER_DIR), self.to_json(descriptor)]
        if self.box is None:
            return program
        prefixes = (sys.base_prefix, sys.base_exec_prefix, os.path.realpath(sys.base_prefix))
        read_only = {str(_WORKER_DIR), *prefixes, *(source for _, source in self.packages)}
        return self.box.command(program, Ground(tuple(sorted(read_only)), (str(self.scratch.parent),)))


class ZygoteProcess:
    """One fork server. ``on_status`` hears of environments; ``on_lost`` that the server itself died."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        settings: ZygoteSettings,
        on_status: OnStatus,
        on_lost: Callable[[], None],
        on_door: OnDoor,
    ) -> None:
        self._loop = loop
        self._on_status = on_status
        self._on_lost = on_lost
        self._on_door = on_door
        self._translates = settings.box is not None and settings.box.own_processes
        self._unsent: list[tuple[bytes, list[int]]] = []
        self._partial = b""
        self.isolation = ""
        ours, theirs = socket.socketpair()
        with theirs:
            # The child gets no environment of ours: it may hold credentials and the control token.
            self._process = subprocess.Popen(  # noqa: S603 - our own file and settings
                settings.command(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"PATH": os.defpath},
                cwd="/",
            )
        ours.setblocking(False)  # noqa: FBT003 - its only signature
        self._socket = ours
        loop.add_reader(ours.fileno(), self._readable)

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Hands the descriptors over and closes them here."""
        body = json.dumps(message).encode()
        self._unsent.append((frames.pack(frames.SPEC, body), descriptors))
        if len(self._unsent) == 1:
            self._flush()

    def _flush(self) -> None:
        while self._unsent:
            data, descriptors = self._unsent[0]
            try:
                sent = socket.send_fds(self._socket, [data], descriptors) if descriptors else self._socket.send(data)
            except BlockingIOError:
                self._loop.add_writer(self._socket.fileno(), self._flush)
                return
            except OSError:
                sent = len(data)  # it is gone; ``_readable`` tells whoever waits
            for descriptor in descriptors:
                os.close(descriptor)
            if sent < len(data):
                self._unsent[0] = (data[sent:], [])
            else:
                self._unsent.pop(0)
        self._loop.remove_writer(self._socket.fileno())

    def _readable(self) -> None:
        descriptors: list[int] = []
        try:
            if self.isolation:
                data = self._socket.recv(4096)
            else:
                data, descriptors, _, _ = socket.recv_fds(self._socket, 4096, 1)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost()
            return
        for descriptor in descriptors:
            self._on_door(socket.socket(fileno=descriptor))
        data = self._partial + data
        whole = len(data) - len(data) % frames.STATUS.size
        self._partial = data[whole:]
        for kind, environment, status, process in frames.STATUS.iter_unpack(data[:whole]):
            if kind == frames.HELLO:
                self.isolation = "namespaces" if status == frames.NAMESPACES else "paths"
            else:
                self._on_status(kind, environment, status, self._here(process))

    def _here(self, process: int) -> int:
        """A process id of the fork server's namespace as it is in ours; 0 once the process is gone."""
        if not process or not self._translates:
            return process
        servers = list(children_of(self._process.pid))
        return next((each for each in children_of(servers[0]) if inner_id(each) == process), 0) if servers else 0

    def _lost(self) -> None:
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        self._on_lost()

    def kill_keeper(self, process: int) -> None:
        """Only for a keeper the server has not reported gone, or the number may belong to somebody else."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL if self.isolation == "namespaces" else signal.SIGTERM)

    def close(self) -> None:
        """The end of the socket is its order to sweep and go; returns when it is gone."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
            self._loop.remove_writer(self._socket.fileno())
            self._socket.close()
        for _, descriptors in self._unsent:
            for descriptor in descriptors:
                os.close(descriptor)
        self._unsent.clear()
        try:
            self._process.wait(_END_WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
