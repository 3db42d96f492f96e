"""The small process above each function: it sets up the box, forks the function, reports its end, leaves nothing behind.

In a process namespace the keeper is process 1, so that killing it kills everything a function has started, daemons included.
Elsewhere it adopts orphans and sweeps them.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from . import frames, limits, search_path, syscalls
from .box import Box
from .child import Born, Pipes

SETUP_FAILED = -1
_SWEEPS_MAX = 200
_DESCRIPTORS_MAX = 1 << 16


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a keeper has from the fork server."""

    box: Box
    connection: socket.socket

    def tell(self, kind: int, environment: int, status: int) -> None:
        with contextlib.suppress(OSError):
            self.connection.sendall(frames.STATUS.pack(kind, environment, status, 0))


def keep(spec: dict[str, Any], pipes: Pipes, around: Surroundings, born: float) -> Born | None:
    """Returns in the function's process only."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        syscalls.die_with_parent()
        syscalls.adopt_orphans()
        os.setsid()
        around.box.enter(spec)
        syscalls.die_with_parent()  # changing user has cleared it
        worker = os.fork()
    except OSError as error:
        os.write(pipes.raw, f"[sandbox] The environment could not be set up: {error}\n".encode())
        around.tell(frames.EXITED, spec["id"], SETUP_FAILED)
        os._exit(1)
    if worker == 0:
        return _become_function(spec, pipes, around, born)
    return _watch(worker, spec, around)


def _close_all_but(kept: tuple[int, ...]) -> None:
    """Whatever else the fork server had open is not the function's, least of all the pipes of other environments."""
    bounds = sorted({2, *kept, _DESCRIPTORS_MAX})
    for below, above in itertools.pairwise(bounds):
        os.closerange(below + 1, above)


def _become_function(spec: dict[str, Any], pipes: Pipes, around: Surroundings, born: float) -> Born:
    _close_all_but(pipes.all())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    syscalls.die_with_parent()
    for descriptor in pipes.all():
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - its only signature
    limits.apply(spec)
    view = around.box.become_function(spec)
    spec |= {"task_dir": view.real(view.task), "opt_root": view.real(view.opt), "runtime_dir": around.box.runtime_dir}
    asked_for = spec["variables"].get("AWS_EXECUTION_ENV", "")
    sys.path[:] = search_path.search_path(view.task, view.opt, around.box.runtime_dir, sys.path[1:], asked_for)
    entries = sys.path[: sys.path.index(around.box.runtime_dir)]
    search_path.forget_shadowed([view.real(entry) for entry in entries])
    return Born(spec, pipes, view.shown, born)


def _watch(worker: int, spec: dict[str, Any], around: Surroundings) -> NoReturn:
    _close_all_but((around.connection.fileno(),))
    signal.signal(signal.SIGTERM, lambda *_: _sweep(worker))
    while True:
        process, status = os.waitpid(-1, 0)
        if process == worker:
            around.tell(frames.EXITED, spec["id"], status)
            _sweep(worker)


def _sweep(worker: int) -> NoReturn:
    """Kill what is left below and go; in a process namespace going does that."""
    if os.getpid() != 1:
        with contextlib.suppress(OSError):
            os.killpg(worker, signal.SIGKILL)
        for _ in range(_SWEEPS_MAX):
            below = _descendants(os.getpid())
            if not below:
                break
            for process in below:
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)
            with contextlib.suppress(OSError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    os._exit(0)


def _descendants(process: int) -> list[int]:
    """Orphans below were adopted, so the tree is whole. Needs ``/proc``; without it only the function itself is killed."""
    found: list[int] = []
    pending = [process]
    while pending:
        parent = pending.pop()
        with contextlib.suppress(OSError):
            children = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
            found += children
            pending += children
    return found
