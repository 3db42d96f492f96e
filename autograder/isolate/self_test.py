"""Whether a box holds on this machine: a real function in it tries to get out, and to reach its account."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.runtime.box import Box, Ground
from sandbox.runtime.environment import EnvironmentSpec, Event, InitReport, InvocationReport
from sandbox.runtime.process import ProcessRuntime

_PROBE = Path(__file__).with_name("probe.py")
_WITHIN_S = 15.0
_POLL_S = 0.002


def why_not(box: Box) -> str:
    """Empty if the box holds; else the reason it cannot be used here, for a person."""
    return _does_not_start(box) or _in_a_thread(box)


def _does_not_start(box: Box) -> str:
    """Asked first because it answers in milliseconds, in the backend's own words."""
    program = box.command(["/bin/true"], Ground((), ()))
    if shutil.which(program[0]) is None:
        return f"{program[0]} is not installed"
    try:
        done = subprocess.run(program, capture_output=True, timeout=_WITHIN_S, check=False)  # noqa: S603 - our own command
    except subprocess.TimeoutExpired:
        return f"{program[0]} does not come back"
    return "" if done.returncode == 0 else done.stderr.decode("utf-8", "replace").strip() or f"exit status {done.returncode}"


def _in_a_thread(box: Box) -> str:
    """An event loop of its own, whoever calls."""
    found: list[str] = []

    def run() -> None:
        try:
            found.append(asyncio.run(_try_to_escape(box)))
        except Exception as error:  # noqa: BLE001 - a box that breaks its own test is not used, whatever broke it
            found.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=run, name=f"self-test of {box.name}")
    thread.start()
    thread.join()
    return found[0]


async def _try_to_escape(box: Box) -> str:
    loop = asyncio.get_running_loop()
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="self-test-")))
        outside = stack.enter_context(_outside(scratch))
        runtime = ProcessRuntime(loop, scratch=scratch, box=box)
        stack.callback(runtime.close)
        runtime.inside(outside["door"], stack.enter_context(_doors()).append)
        answers: list[InitReport | InvocationReport] = []
        environment = runtime.start(_spec(scratch), answers.append)
        init = await _next(answers, 1)
        if init.kind != "ok":
            return f"no function starts in it: {_words(init)}"
        environment.invoke(Event("self-test", json.dumps(outside).encode(), "", 0, _WITHIN_S), answers.append)
        report = await _next(answers, 2)
        written = Path(outside["secret"]).with_suffix(".hole").exists()
    if not isinstance(report, InvocationReport) or report.kind != "ok":
        return f"its function fails: {_words(report)}"
    answer = json.loads(report.payload)
    holes = [*answer["holes"], *(["writes a file of this machine"] if written else [])]
    if holes:
        return f"a function {', '.join(holes)}"
    return "" if answer["reached"] else "a function does not reach its account"


@contextlib.contextmanager
def _outside(scratch: Path) -> Iterator[dict[str, Any]]:
    """What the function must not get at, and ``door``, which it must."""
    secret = scratch.parent / f"{scratch.name}-secret"
    abstract = f"{scratch.name}-{os.getpid()}"
    with contextlib.ExitStack() as stack:
        for left in (secret, secret.with_suffix(".hole")):
            stack.callback(left.unlink, missing_ok=True)
        secret.write_text("secret")
        doors = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        unix = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        unix.bind("\0" + abstract)
        unix.listen()
        door, service = (each.getsockname()[1] for each in doors)
        yield {"secret": str(secret), "abstract": abstract, "process": os.getpid(), "door": door, "service": service}


@contextlib.contextmanager
def _doors() -> Iterator[list[socket.socket]]:
    """Keeps what listens inside the box; connections to it wait, which is all the function asks for."""
    doors: list[socket.socket] = []
    yield doors
    for door in doors:
        door.close()


def _spec(scratch: Path) -> EnvironmentSpec:
    code = scratch / "probe"
    code.mkdir()
    shutil.copyfile(_PROBE, code / "probe.py")
    return EnvironmentSpec(
        environment_id="self-test",
        function_arn="",
        function_name="self-test",
        version="$LATEST",
        runtime="python3.13",
        handler="probe.handler",
        memory_mb=256,
        timeout_s=int(_WITHIN_S),
        tmp_mb=8,
        variables={},
        code_dir=code,
    )


async def _next(answers: list[Any], count: int) -> InitReport | InvocationReport:
    end = asyncio.get_running_loop().time() + _WITHIN_S
    while len(answers) < count:
        if asyncio.get_running_loop().time() > end:
            raise TimeoutError(f"no answer within {_WITHIN_S:g} s")
        await asyncio.sleep(_POLL_S)
    found: InitReport | InvocationReport = answers[count - 1]
    return found


def _words(report: InitReport | InvocationReport) -> str:
    logged = " ".join(record.text for record in report.logs[-3:])
    return f"{report.kind} {report.exit_status} {logged}".strip()
