"""A pool of worker processes on this machine: one judge each, JSON both ways, and a death costs one retry.

Workers are interpreters of their own, not forks, and live through many submissions. One that dies, hangs or reports a fault of
ours is replaced, and its submission is judged once more by a fresh one before it is written down as failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from autograder.marking.job import Bench, failed
from autograder.marking.roll import Handed
from autograder.report import Report, from_json

ATTEMPTS = 2
SECONDS_MAX = 600.0  # of wall time for one submission; the judge's own limits are far below
_STOP_SECONDS = 5.0
_ALIVE = "it does not end"
_ANSWER_BYTES_MAX = 64_000_000


@dataclass(slots=True)
class _Turn:
    handed: Handed
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where workers live: their working directory (ours if None) and variables beside ours."""

    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


class Crew:
    """``workers`` processes that open ``bench``; ``run`` yields reports as they come, in any order."""

    def __init__(
        self, bench: Bench, workers: int, seconds_max: float = SECONDS_MAX, surroundings: Surroundings | None = None
    ) -> None:
        self._bench = bench
        self._surroundings = surroundings or Surroundings()
        self._workers = workers
        self._seconds_max = seconds_max

    def run(self, submissions: Sequence[Handed]) -> Iterator[Report]:
        """One report a submission, always. Leaving the iteration early stops the workers."""
        waiting = deque(_Turn(handed) for handed in submissions)
        seats = [_Seat(self._bench, self._seconds_max, self._surroundings) for _ in range(min(self._workers, len(waiting)))]
        try:
            while waiting or any(seat.turn for seat in seats):
                for seat in seats:
                    if waiting and seat.turn is None:
                        seat.give(waiting.popleft())
                for seat, turn, report in _answers(seats):
                    if report.status == "failed":
                        seat.renew()
                        if turn.attempt < ATTEMPTS:
                            waiting.appendleft(_Turn(turn.handed, turn.attempt + 1))
                            continue
                    yield report
        finally:
            for seat in seats:
                seat.stop()


class _Seat:
    """One worker process, its pipe, and the submission it is at."""

    def __init__(self, bench: Bench, seconds_max: float, surroundings: Surroundings) -> None:
        self._bench = bench
        self._surroundings = surroundings
        self._seconds_max = seconds_max
        self.turn: _Turn | None = None
        self.deadline = 0.0
        self.pipe, self._process = _start(bench, surroundings)

    def give(self, turn: _Turn) -> None:
        """Hand over a submission; the answer is read when it is there."""
        self.turn = turn
        self.deadline = time.monotonic() + self._seconds_max
        request = {"name": turn.handed.name, "folder": str(turn.handed.folder), "digest": turn.handed.digest}
        try:
            self.pipe.send_bytes(json.dumps(request).encode())
        except OSError:
            self.deadline = 0.0

    def answer(self) -> tuple[_Turn, Report]:
        """Called when the pipe is readable (an answer, or the end of the worker) or the time is up."""
        turn = self.turn
        assert turn is not None
        self.turn = None
        try:
            if self.pipe.poll():
                return turn, from_json(json.loads(self.pipe.recv_bytes(_ANSWER_BYTES_MAX)))
            reason = f"the worker was at it for more than {self._seconds_max:g} s"
        except (EOFError, OSError, ValueError):
            reason = f"the worker died ({_ending(self._process)})"
        return turn, failed(self._bench, turn.handed.name, turn.handed.digest, reason)

    def renew(self) -> None:
        """A fresh process: the old one may be what is wrong."""
        self.stop()
        self.pipe, self._process = _start(self._bench, self._surroundings)

    def stop(self) -> None:
        """Idle workers leave when their pipe closes; busy ones are told, then made to."""
        self.pipe.close()
        if self.turn is not None or self.deadline <= time.monotonic():
            self._process.terminate()
        if _ending(self._process) == _ALIVE:
            self._process.kill()
            self._process.wait()


def _answers(seats: Sequence[_Seat]) -> list[tuple[_Seat, _Turn, Report]]:
    """Wait until a worker has answered, died or run out of time."""
    busy = [seat for seat in seats if seat.turn is not None]
    patience = max(0.0, min(seat.deadline for seat in busy) - time.monotonic())
    ready = set(wait([seat.pipe for seat in busy], patience))
    late = time.monotonic()
    return [(seat, *seat.answer()) for seat in busy if seat.pipe in ready or seat.deadline <= late]


def _start(bench: Bench, surroundings: Surroundings) -> tuple[Connection, subprocess.Popen[bytes]]:
    """A new interpreter, not ``multiprocessing``'s: that would import the program we are part of (nbgrader, Jupyter) again."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-P", "-m", "autograder.marking.worker", str(theirs.fileno())]
        found = os.pathsep.join(os.path.abspath(place) for place in sys.path)  # noqa: PTH100 - as spelled, links and all
        process = subprocess.Popen(  # noqa: S603 - our words
            command,
            cwd=surroundings.folder,
            env=os.environ | {"PYTHONPATH": found} | dict(surroundings.environment),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    pipe = Connection(ours.detach())
    with contextlib.suppress(OSError):  # a worker that is gone already is noticed when its answer is read
        pipe.send_bytes(bench.as_json().encode())  # not an argument: it may hold the course's key
    return pipe, process


def _ending(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        return _ALIVE
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
