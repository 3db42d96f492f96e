"""JupyterLab, loaded after the server has begun to answer: its import takes as long as all the rest of a start.

Whoever asks for it in that second waits for it.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado import httputil
from tornado.routing import Matcher, Rule

_EXTENSION = "jupyterlab"


class LabSoon(Matcher):
    """Matches JupyterLab's own address until it is there, and nothing after that."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.rule = Rule(self, WaitHandler, {"ready": self.ready})

    def match(self, request: httputil.HTTPServerRequest) -> dict[str, Any] | None:
        """Tornado's face."""
        return {} if not self.ready.is_set() and request.path.split("/")[1:2] == ["lab"] else None

    async def load(self, serverapp: Any) -> None:
        """Import beside the loop, then link and load on it, as Jupyter Server would have at its start."""
        manager = serverapp.extension_manager
        try:
            if _EXTENSION not in manager.extensions:
                await asyncio.to_thread(importlib.import_module, "jupyterlab.labapp")
                manager.add_extension(_EXTENSION, enabled=True)
                manager.link_extension(_EXTENSION)
                manager.load_extension(_EXTENSION)
        except Exception:  # the book goes on without it
            serverapp.log.exception("JupyterLab could not be loaded")
        finally:
            self.ready.set()


class WaitHandler(JupyterHandler):  # type: ignore[misc]
    """Says "come again" as soon as there is something to come to; tells nothing, so it asks for no sign-in."""

    def initialize(self, ready: asyncio.Event) -> None:
        """``ready`` is set when JupyterLab has been loaded."""
        self.ready = ready

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Wait, then redirect to the very same address."""
        await self.ready.wait()
        self.redirect("/" + (self.request.uri or "").lstrip("/"))
