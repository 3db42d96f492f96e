"""The account beside the server: a child process, started with it, restarted when it dies, gone when the server is gone.

The child watches its standard input, whose other end only this process holds: however this process ends, the child ends.
After a restart the account is empty, as its state lives in memory; ports stay, so that notebooks need no new address.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from courseware.accounts import Running, from_ready_line
from courseware.machine import free_port

_READY_S_MAX = 60
_STOP_S_MAX = 5
_QUICK_DEATH_S = 5
_QUICK_DEATHS_MAX = 3


class AccountProcess:
    """``ready`` is set while an account answers; ``trouble`` says why there is none and nobody tries any more.

    ``announced`` is told the environment of each account that gets ready.
    """

    def __init__(self, log: logging.Logger, log_file: Path) -> None:
        self.log = log
        self.log_file = log_file
        self.port, self.control_port = free_port(), free_port()
        self.account: Running | None = None
        self.ready = asyncio.Event()
        self.restarts = 0
        self.trouble = ""
        self.announced: Callable[[dict[str, str]], None] = lambda _environment: None
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start and keep alive, in the background."""
        self._watch = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        """End the child, gently then firmly."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._end()

    def status(self) -> dict[str, Any]:
        """What ``/course/status`` says; holds no secret."""
        account = self.account if self.ready.is_set() else None
        return {
            "running": account is not None,
            "endpoint_url": account.endpoint_url if account else None,
            "region": account.region if account else None,
            "restarts": self.restarts,
            "trouble": self.trouble,
        }

    async def _keep_alive(self) -> None:
        quick_deaths = 0
        while quick_deaths < _QUICK_DEATHS_MAX:
            started = time.monotonic()
            with self.log_file.open("ab") as errors:
                code = await self._run_once(errors)
            self.ready.clear()
            quick_deaths = quick_deaths + 1 if time.monotonic() - started < _QUICK_DEATH_S else 0
            self.restarts += 1
            self.log.warning(
                "the account ended (exit %s); starting a new, empty one with new keys: restart open kernels (%s)",
                code,
                self.log_file,
            )
        self.trouble = f"the account keeps ending right after its start; see {self.log_file}, then start the course again"
        self.log.error(self.trouble)

    async def _run_once(self, errors: IO[bytes]) -> int | None:
        command = (sys.executable, "-P", "-m", "courseware.cli", "account", "start", "--while-stdin")
        ports = (f"--port={self.port}", f"--control-port={self.control_port}")
        self._process = await asyncio.create_subprocess_exec(
            *command,
            *ports,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), _READY_S_MAX)
            if line:
                self._announce(from_ready_line(json.loads(line), self._process.pid))
        except (TimeoutError, ValueError) as error:
            self.log.error("the account did not get ready: %r", error)
            await self._end()
        return await self._process.wait()

    def _announce(self, account: Running) -> None:
        """Kernels and terminals inherit this process's environment; a real account's profile must not shine through."""
        self.account = account
        os.environ.update(account.environment())
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            os.environ.pop(name, None)
        self.announced(account.environment())
        self.ready.set()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_S_MAX)
            except TimeoutError:
                process.kill()
                await process.wait()
