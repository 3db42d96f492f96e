"""``/course/progress``: GET and PUT of the progress document, for a signed-in reader.

PUT merges, so a page that was open for long cannot undo what happened elsewhere; the answer is the union. Jupyter asks a
cookie-signed PUT for its XSRF header, so another site cannot write here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from jupyter_server.base.handlers import APIHandler
from tornado import web

from courseware.errors import LearnerError
from courseware.progress import DOCUMENT_BYTES_MAX, Progress, load, parse, record


class ProgressHandler(APIHandler):  # type: ignore[misc]
    """One document for one learner."""

    def initialize(self, path: Path) -> None:
        """``path`` is the stored document."""
        self.path = path

    @web.authenticated
    async def get(self) -> None:
        """The stored document."""
        await self._answer(lambda: load(self.path))

    @web.authenticated
    async def put(self) -> None:
        """Merge the body in; answer the union."""
        if len(self.request.body) > DOCUMENT_BYTES_MAX:
            self._refuse(413, f"progress is at most {DOCUMENT_BYTES_MAX} bytes")
            return
        try:
            news = parse(json.loads(self.request.body))
        except (ValueError, RecursionError):
            self._refuse(400, "progress must be JSON")
        except LearnerError as error:
            self._refuse(400, str(error))
        else:
            await self._answer(lambda: record(self.path, news))

    async def _answer(self, work: Callable[[], Progress]) -> None:
        try:
            progress = await asyncio.to_thread(work)
        except (LearnerError, OSError) as error:
            self._refuse(500, str(error))
            return
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(progress.as_json()))

    def _refuse(self, status: int, message: str) -> None:
        self.set_status(status)
        self.finish(json.dumps({"message": message}))
