"""``serve``: an account as a process of its own, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from sandbox.account.native import NativeAccount
from sandbox.account.settings import Settings

Ready = Callable[[dict[str, Any]], None]


def serve(settings: Settings, port: int, control_port: int, ready: Ready) -> None:
    """Blocks until SIGINT or SIGTERM, then cleans up; prints nothing. ``ready`` gets the start-up line when clients can come."""
    asyncio.run(_serve(settings, port, control_port, ready))


async def _serve(settings: Settings, port: int, control_port: int, ready: Ready) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    native = NativeAccount(settings, loop)
    try:
        await native.start(port, control_port)
        ready(native.ready_line())
        await stop.wait()
    finally:
        await native.close()
