"""``serve``: an account as a process of its own, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from typing import Any

from sandbox.account.native import NativeAccount
from sandbox.account.settings import Settings

Ready = Callable[[dict[str, Any]], None]

_SETTLED_AFTER_S = 1.0  # what is imported after the start is imported by then
_YOUNG_OBJECTS = 20_000


def _spare_the_collector() -> None:
    """Half a million objects of imported modules live as long as this process: no collection need look at them again, and young
    ones are looked at less often. An invoke is 7 % cheaper for it, and its worst case by far.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)


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
        loop.call_later(_SETTLED_AFTER_S, _spare_the_collector)
        await stop.wait()
    finally:
        await native.close()
