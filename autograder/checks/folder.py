"""Check a learner's folder: their code runs step by step in its own process against a fresh account; ours only looks."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from autograder.checks.runner import StepResult, run_step
from autograder.checks.session import Session
from autograder.errors import GraderFault
from autograder.lab import Lab
from autograder.submission import Submission

STEP_SECONDS_MAX = 60.0
ANSWER_BYTES_MAX = 1_000_000
_RUNNER = Path(__file__).with_name("cell_runner.py")
_ENDED = "the Python process that ran your code ended"


class Running(Protocol):
    """What is needed of a process that runs ``cell_runner.py``."""

    @property
    def stdin(self) -> IO[bytes] | None: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def kill(self) -> None: ...

    def wait(self) -> int: ...


Start = Callable[[str, Mapping[str, str]], Running]  # its folder, its whole environment


def start_python(folder: str, environment: Mapping[str, str]) -> Running:
    """A new interpreter, isolated from our modules and our environment, in a session of its own."""
    return subprocess.Popen(  # noqa: S603 - our own script; the learner's code goes to its stdin
        [sys.executable, "-I", str(_RUNNER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )


def check_folder(
    lab: Lab,
    submission: Submission,
    session: Session,
    environment: Mapping[str, str],
    report: Callable[[StepResult], None] | None = None,
    *,
    seconds_max: float = STEP_SECONDS_MAX,
    start: Start | None = None,
) -> list[StepResult]:
    """Run and check the steps in order; stops at the first that fails, for the later ones build on it.

    ``environment`` is the learner process's whole environment: the account's endpoint and credentials, and nothing of ours.
    ``seconds_max`` bounds each step; ``start`` makes the learner's process.
    """
    results: list[StepResult] = []
    with LearnerProcess(environment, seconds_max, start) as learner:
        setup = learner.run(submission.setup)
        for step in lab.steps:
            answer = setup if not setup["ok"] else learner.run(submission.steps[step.id])
            if answer["ok"]:
                result = run_step(lab, step, session)
            else:
                message = f"Your code stopped: {answer['error']}"
                result = StepResult(lab.slug, step.id, passed=False, message=message, hints=step.hints)
            results.append(result)
            if report is not None:
                report(result)
            if not result.passed:
                break
    return results


class LearnerProcess:
    """A Python of its own for the learner's cells, in an empty folder, isolated from our modules and environment."""

    def __init__(self, environment: Mapping[str, str], seconds_max: float = STEP_SECONDS_MAX, start: Start | None = None) -> None:
        self._start = start or start_python
        self._environment = dict(environment)
        self._seconds_max = seconds_max
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._over = False

    def __enter__(self) -> LearnerProcess:
        self._folder = tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True)
        self._process = self._start(self._folder.name, self._environment)
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # bytes meant for a process that is gone
                    stream.close()
        self._folder.cleanup()

    def run(self, code: str) -> dict[str, Any]:
        """Run one cell; a learner process that dies or hangs is an answer with ``ok`` False, never an exception."""
        if self._process.stdin is None:
            raise GraderFault("the learner's process has no input")
        if self._over:  # its input may still take a line that nobody will answer, and a late answer is to another cell
            return _no(_ENDED)
        try:
            self._process.stdin.write(json.dumps({"code": code}).encode() + b"\n")
            self._process.stdin.flush()
            line = self._answers.get(timeout=self._seconds_max)
        except queue.Empty:
            self._process.kill()
            self._over = True
            return _no(f"the step was still running after {self._seconds_max:g} seconds")
        except BrokenPipeError:
            line = b""
        if not line:
            self._over = True
            return _no(_ENDED)
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise GraderFault("the learner's process answered something that is not JSON") from error
        return {"ok": bool(answer.get("ok")), "error": str(answer.get("error", "")), "output": str(answer.get("output", ""))}

    def _read(self) -> None:
        stream = self._process.stdout
        while stream is not None:
            line = stream.readline(ANSWER_BYTES_MAX)
            self._answers.put(line)
            if not line:
                return


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error, "output": ""}
