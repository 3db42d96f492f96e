"""Learners' processes forked from one that has boto3 imported: each is as new as a fresh Python, and costs a tenth of it."""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

ROOT = Path(__file__).parents[2]
MESSAGE_BYTES = 65_536


class WarmLearners:
    """Gives ``start`` for a ``LearnerProcess``; at the end of the block the process they are forked from is gone."""

    def __enter__(self) -> WarmLearners:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-I", __file__, str(theirs.fileno())]
            self._nursery = subprocess.Popen(command, pass_fds=[theirs.fileno()], env={})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ours.close()
        self._nursery.wait()

    def start(self, folder: str, environment: Mapping[str, str]) -> Forked:
        their_in, our_in = os.pipe()
        our_out, their_out = os.pipe()
        order = {"folder": folder, "environment": dict(environment)}
        socket.send_fds(self._ours, [json.dumps(order).encode()], [their_in, their_out])
        os.close(their_in)
        os.close(their_out)
        return Forked(self._ask, int(self._ours.recv(MESSAGE_BYTES)), our_in, our_out)

    def _ask(self, **order: Any) -> None:
        self._ours.send(json.dumps(order).encode())
        self._ours.recv(MESSAGE_BYTES)


class Forked:
    """What a ``LearnerProcess`` uses of a ``subprocess.Popen``."""

    def __init__(self, ask: Callable[..., None], pid: int, our_in: int, our_out: int) -> None:
        self._ask = ask
        self._pid = pid
        self.stdin = os.fdopen(our_in, "wb")
        self.stdout = os.fdopen(our_out, "rb")

    def kill(self) -> None:
        self._ask(kill=self._pid)

    def wait(self) -> int:
        self._ask(wait=self._pid)
        return 0


def nurse(ours: socket.socket) -> None:
    """Fork, kill and bury as told, until the other end is closed. Only what was waited for gives its number back."""
    runner = runpy.run_path(str(ROOT / "autograder" / "checks" / "cell_runner.py"))
    warm = runpy.run_path(str(ROOT / "sandbox" / "worker" / "warm_boto3.py"))
    warm["load"](["iam", "lambda", "logs", "dynamodb", "sqs", "s3"])
    while True:
        message, descriptors, _, _ = socket.recv_fds(ours, MESSAGE_BYTES, 2)
        if not message:
            return
        order = json.loads(message)
        if "kill" in order:
            os.kill(order["kill"], signal.SIGKILL)
        elif "wait" in order:
            os.waitpid(order["wait"], 0)
        else:
            order["pid"] = os.fork()
            if order["pid"] == 0:
                ours.close()
                live(order["folder"], order["environment"], descriptors, runner["main"])
            for descriptor in descriptors:
                os.close(descriptor)
        ours.send(str(order.get("pid", "done")).encode())


def live(folder: str, environment: dict[str, str], descriptors: list[int], main: Callable[[], None]) -> NoReturn:
    """As ``LearnerProcess`` starts a Python: its pipes, its folder, its environment, a session of its own, no word on stderr."""
    os.setsid()
    os.chdir(folder)
    os.environ.update(environment)
    quiet = os.open(os.devnull, os.O_WRONLY)
    for source, target in ((descriptors[0], 0), (descriptors[1], 1), (quiet, 2)):
        os.dup2(source, target)
        os.close(source)
    try:
        main()
    finally:
        os._exit(0)


if __name__ == "__main__":
    nurse(socket.socket(fileno=int(sys.argv[1])))
