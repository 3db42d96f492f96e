"""The build's end of ``courseware.live.recorder``, which is started when a session has to be run and ends with the build."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_WORDS_MAX = 2000


class RecordingError(Exception):
    """The interpreter that ran the cells went down; the text carries its last words."""


class Recorder:
    """One process for one process of the build; files are named by what they hold, so an order may be repeated."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._pending: set[str] = set()
        self._failed: dict[str, str] = {}

    def order(self, cells: list[dict[str, str]], file: Path, *, urgent: bool = False) -> None:
        """Have the session run into ``file``; ``wait`` says when. ``urgent`` goes before what only waits for a later step."""
        if os.getpid() != self._owner:  # Sphinx forks for parallel builds; the process it was started for keeps it
            self._process, self._owner, self._pending = None, os.getpid(), set()
        if str(file) in self._pending:
            return
        self._failed.pop(str(file), None)
        self._pending.add(str(file))
        self._say({"cells": cells, "file": str(file), "urgent": urgent})

    def wait(self, file: Path) -> None:
        """Until what was ordered is there. RecordingError."""
        while str(file) in self._pending:
            self._hear()
        if str(file) in self._failed:
            raise RecordingError(self._failed[str(file)])

    def close(self) -> None:
        """What nobody waits for any more ends too."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        if self._pending and hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        self._words.close()

    def _say(self, order: dict[str, Any]) -> None:
        if self._process is None:
            self._process = self._started()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self._lost()

    def _hear(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._lost()
            return
        answer = json.loads(line)
        self._pending.discard(answer["file"])
        if answer["error"]:
            self._failed[answer["file"]] = answer["error"]

    def _started(self) -> subprocess.Popen[str]:
        self._words = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - open as long as the process
        return subprocess.Popen(
            [os.environ.get("COURSE_PYTHON", sys.executable), "-m", "courseware.live.recorder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
            cwd=ROOT,
            start_new_session=True,  # so that it and its forks can be ended together
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "TZ": "UTC"},
        )

    def _lost(self) -> None:
        """The process has died: nothing that waits will come."""
        assert self._process is not None
        self._process.communicate()
        self._words.seek(0)
        words = self._words.read().strip()[-_WORDS_MAX:] or f"the recorder ended with {self._process.returncode}"
        self._words.close()
        self._failed.update(dict.fromkeys(self._pending, words))
        self._pending.clear()
        self._process = None


recorder = Recorder()
atexit.register(recorder.close)
