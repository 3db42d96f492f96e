"""An account on an event loop: HTTP in front, child processes behind, the clock on the loop's timers, the control channel too."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sandbox.account.settings import Settings
from sandbox.account.wiring import Account
from sandbox.clock import Clock
from sandbox.control.loop_clock import LoopClock
from sandbox.control.server import LIMITS, ControlServer
from sandbox.errors import LearnerError
from sandbox.front_door.server import HttpServer
from sandbox.runtime.process import ProcessRuntime

_PRELOAD_AFTER_S = 0.05


class NativeAccount:
    """Everything belongs to the loop's thread. ``start`` and ``close`` are coroutines; closing is idempotent.

    What nearly every session comes to need is imported once the account is ready: by the loop, since two threads that import
    moto at once trip over each other's half-initialised modules.
    """

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        self.settings = settings
        self.loop = loop
        self._runtime: ProcessRuntime | None = None
        self.account = Account(settings, self._make_runtime, loop.call_soon)
        self.account.on_reset.append(self._renew_ration)
        self._clock = LoopClock(self.account.clock, self.account.driver, loop)
        self._token = self.account.ids.secret()
        self._door = HttpServer(self.account.handle, loop)
        self._control = HttpServer(ControlServer(self.account.commands, self._token).handle, loop, LIMITS)
        self._preload: asyncio.TimerHandle | None = None
        self.endpoint_url = ""
        self.control_url = ""

    def _make_runtime(self, clock: Clock, scratch: Path) -> ProcessRuntime:
        chosen = self.settings
        self._runtime = ProcessRuntime(
            self.loop, clock=clock, isolation=chosen.isolation, scratch=scratch, box=chosen.box, ration=chosen.ration
        )
        self._renew_ration = self._runtime.spending.renew
        return self._runtime

    async def start(self, port: int = 0, control_port: int = 0) -> None:
        """LearnerError when a port cannot be had; nothing is left open then."""
        try:
            bound = await self._door.start(port)
            try:
                bound_control = await self._control.start(control_port)
            except LearnerError as error:
                raise LearnerError(str(error).replace("--port", "--control-port")) from error
        except LearnerError:
            await self.close()
            raise
        self.endpoint_url = f"http://127.0.0.1:{bound}"
        self.control_url = f"http://127.0.0.1:{bound_control}"
        self.account.reachable_at(self.endpoint_url)
        if self._runtime is not None:
            self._runtime.inside(bound, self._door.listen_also)
        self._preload = self.loop.call_later(_PRELOAD_AFTER_S, self.account.plane.preload)

    def ready_line(self) -> dict[str, Any]:
        """What a client needs to know: the account's address, the learner's keys, the control channel."""
        learner = self.account.learner
        return {
            "endpoint_url": self.endpoint_url,
            "aws_access_key_id": learner.access_key_id,
            "aws_secret_access_key": learner.secret_access_key,
            "region": self.settings.region,
            "account_id": self.settings.account_id,
            "control_url": self.control_url,
            "control_token": self._token,
        }

    async def close(self) -> None:
        await self._control.close(0.1)
        await self._door.close(0.5)
        self._clock.close()
        if self._preload is not None:
            self._preload.cancel()
        self.account.close()
