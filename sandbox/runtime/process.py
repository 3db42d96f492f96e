"""The runtime of native accounts: every environment a child process, forked from a server that has Python ready.

Callback style over an asyncio loop; all methods belong to the loop's thread. ``isolation`` says what stands between a function
and the host's files: ``namespaces`` (a private root) or ``paths`` (names are translated, nothing more); empty until the first
environment was started.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import socket
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

import sandbox
from sandbox import facts
from sandbox.clock import Clock
from sandbox.errors import AwsError, InternalError, LearnerError
from sandbox.runtime.box import UNBOXED, Box, BoxLimits
from sandbox.runtime.environment import (
    CUSTOM_RUNTIMES,
    NODE_RUNTIMES,
    PYTHON_RUNTIMES,
    Environment,
    EnvironmentSpec,
    InitReport,
    OnInit,
)
from sandbox.runtime.package import BOTO3_PACKAGES, merge_layers, names_boto3, ships_any
from sandbox.runtime.process_environment import ProcessEnvironment
from sandbox.runtime.process_node import NODE_PROGRAM, find_node
from sandbox.runtime.process_watchdog import Watchdog
from sandbox.runtime.process_zygote import OnDoor, ZygoteProcess, ZygoteSettings
from sandbox.runtime.ration import NeverStarted, Ration, Spending
from sandbox.runtime.variables import complete_variables
from sandbox.worker import frames

_WARM_SERVICES = ("s3",)
_WARM_IN_A_BOX = ("s3", "dynamodb", "sns", "sqs")  # one fork server for many submissions: what it knows, no cold start finds out
_FULL = "ConcurrentInvocationLimitExceeded"


def _boto3_packages() -> tuple[tuple[str, str], ...]:
    """The runtime's own libraries: where this interpreter has them, under the names they are imported by."""
    found = []
    for name in BOTO3_PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        found.append((source.name, str(source)))
    return tuple(found)


def _program(runtime: str) -> str:
    return "node" if runtime in NODE_RUNTIMES else "custom" if runtime in CUSTOM_RUNTIMES else ""


def _closed(door: socket.socket) -> None:
    """Nobody takes calls in there."""
    door.close()


def _hidden() -> tuple[str, ...]:
    """This project and the interpreter's installed packages: they may lie in what a private root shows of the machine."""
    installed = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    base = {
        sysconfig.get_path(kind, vars={"base": sys.base_prefix, "platbase": sys.base_prefix}) for kind in ("purelib", "platlib")
    }
    return tuple(sorted({str(Path(sandbox.__file__).resolve().parents[1]), *installed, *base}))


class ProcessRuntime:
    """Implements ``Runtime``. ``clock`` only dates log records when it is virtual: a child's own time is real."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        clock: Clock | None = None,
        isolation: str = "auto",
        scratch: Path | None = None,
        box: Box | None = None,
        ration: Ration | None = None,
    ) -> None:
        if not hasattr(os, "fork"):
            raise LearnerError("functions in processes need fork(), which this system lacks: use WSL, or the browser")
        self._loop = loop
        self._clock = clock
        self._isolation = isolation if box is None else box.isolation
        self._box = box
        self.spending = Spending(ration or Ration())
        self._port = 0
        self._on_door: OnDoor = _closed
        self._scratch = Path(tempfile.mkdtemp(prefix="lambda-", dir=scratch))
        self._watchdog = Watchdog(loop)
        self._zygotes: dict[bool, ZygoteProcess] = {}
        self._environments: dict[int, ProcessEnvironment] = {}
        self._last_key = 0
        self._node = find_node()
        self._closed = False

    @property
    def runtimes(self) -> tuple[str, ...]:
        return (*PYTHON_RUNTIMES, *(NODE_RUNTIMES if self._node else ()), *CUSTOM_RUNTIMES)

    @property
    def isolation(self) -> str:
        return next((zygote.isolation for zygote in self._zygotes.values() if zygote.isolation), "")

    @property
    def ration_used_up(self) -> bool:
        return self.spending.used_up

    def inside(self, port: int, on_door: OnDoor) -> None:
        """For a box with a network of its own: its fork servers listen on ``port`` in there and ``on_door`` gets the sockets."""
        self._port, self._on_door = port, on_door

    def prepare(self, code_dir: Path, layer_dirs: tuple[Path, ...] = ()) -> None:
        """Start the fork server such a function will need, so that its first cold start finds it running."""
        self._zygote(self._wants_boto3(code_dir, layer_dirs))

    def warm_up(self) -> None:
        """Start the plain fork server before any function is known."""
        self._zygote(False)  # noqa: FBT003 - the plain one

    def start(self, spec: EnvironmentSpec, done: OnInit) -> Environment:
        if self._closed:
            raise InternalError("the runtime is closed")
        if self.spending.used_up:
            done(InitReport("timeout", spec.init_timeout_s * 1000.0))
            return NeverStarted(spec)
        if len(self._environments) >= self._limits().environments:
            raise AwsError("TooManyRequestsException", "Rate Exceeded.", 429, fields={"Reason": _FULL, "Type": "User"})
        self._last_key += 1
        key = self._last_key
        environment = ProcessEnvironment(self._loop, self._watchdog, key, spec, done, self._forget, self._limits(), self.spending)
        self._environments[key] = environment
        zygote = self._zygote(self._wants_boto3(spec.code_dir, spec.layer_dirs))
        environment.scratch = self._scratch / f"environment-{key}"
        environment.launch(zygote, self._message(key, spec, environment.scratch), self._ahead_s)
        return environment

    def spend(self, access_key_id: str, seconds: float) -> bool:
        """Account time for the environment with this key, and the account's clock; False in real time, where it waits itself."""
        clock = self._clock
        if clock is None or not clock.virtual:
            return False
        for environment in list(self._environments.values()):
            if environment.alive and environment.spec.variables.get("AWS_ACCESS_KEY_ID") == access_key_id:
                environment.spend(seconds, lambda when: clock.move_to(max(clock.now(), when)))
                return True
        return False

    def _ahead_s(self) -> float:
        """How far the account's date is ahead of the machine's; exactly 0 unless somebody has moved or stopped its clock."""
        clock = self._clock
        return 0.0 if clock is None or clock.is_the_machines else clock.now() - clock.wall()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        for environment in list(self._environments.values()):
            environment.stop()
        self._watchdog.close()
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()
        self._environments.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _message(self, key: int, spec: EnvironmentSpec, scratch: Path) -> dict[str, Any]:
        opt = merge_layers(self._scratch / "layers", spec.layer_dirs)
        limits = self._limits()
        return {
            "id": key,
            "handler": spec.handler,
            "runtime": spec.runtime,
            "program": _program(spec.runtime),
            "variables": complete_variables(spec),
            "memory_mb": min(spec.memory_mb, limits.memory_mb),
            "tmp_mb": min(spec.tmp_mb, limits.file_mb),
            "code_dir": str(spec.code_dir),
            "opt_dir": "" if opt is None else str(opt),
            "tmp_dir": str(scratch / "tmp"),
            "log_format": spec.log_format,
            "log_level": spec.application_log_level,
            "log_bytes_max": limits.output_bytes,
            "event_bytes_max": 4 * facts.limit("sync_payload_bytes"),
            "response_bytes_max": facts.limit("response_bytes"),
            "stream_bytes_max": facts.limit("stream_bytes"),
            "file_descriptors_max": min(facts.limit("file_descriptors"), limits.open_files),
            "processes_max": min(facts.limit("processes"), limits.processes),
        }

    def _limits(self) -> BoxLimits:
        return UNBOXED if self._box is None else self._box.limits

    def _wants_boto3(self, code_dir: Path, layer_dirs: tuple[Path, ...]) -> bool:
        directories = (code_dir, *layer_dirs)
        return any(map(names_boto3, directories)) and not any(ships_any(each, BOTO3_PACKAGES) for each in directories)

    def _zygote(self, boto3: bool) -> ZygoteProcess:
        zygote = self._zygotes.get(boto3)
        if zygote is None:
            settings = ZygoteSettings(
                runtime_dir=self._runtime_dir(),
                packages=self._runtime_files(),
                scratch=self._scratch,
                isolation=self._isolation,
                boto3=boto3,
                warm_services=_WARM_SERVICES if self._box is None else _WARM_IN_A_BOX,
                hidden=_hidden(),
                box=self._box,
                port=self._port,
            )
            zygote = ZygoteProcess(self._loop, settings, self._status, lambda: self._lost(boto3), self._on_door)
            self._zygotes[boto3] = zygote
        return zygote

    def _runtime_dir(self) -> Path:
        """A directory with the runtime's own libraries and nothing else of this interpreter's site-packages."""
        directory = self._scratch / "runtime"
        if not directory.exists():
            directory.mkdir()
            for name, source in self._runtime_files():
                (directory / name).symlink_to(source)
        return directory

    def _runtime_files(self) -> tuple[tuple[str, str], ...]:
        node = (("node", self._node), (NODE_PROGRAM.name, str(NODE_PROGRAM))) if self._node else ()
        return (*_boto3_packages(), *node)

    def _status(self, kind: int, key: int, status: int, process: int) -> None:
        environment = self._environments.get(key)
        if environment is None:
            return
        if kind == frames.STARTED:
            environment.started(process)
        elif kind == frames.EXITED:
            environment.exited(status)
        elif kind == frames.GONE:
            environment.gone()

    def _lost(self, boto3: bool) -> None:
        """A fork server died and took its environments along; the next start makes a new one."""
        zygote = self._zygotes.pop(boto3, None)
        for environment in list(self._environments.values()):
            if zygote is not None and environment.belongs_to(zygote):
                environment.gone()
        if zygote is not None:
            zygote.close()

    def _forget(self, key: int) -> None:
        self._environments.pop(key, None)
