"""Two small answers: what this server offers to a page, and how the account and the labs are."""

from __future__ import annotations

import asyncio
import json

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler
from tornado import web

from autograder.lab import Lab
from courseware.errors import LearnerError
from courseware.jupyter_ext.account_process import AccountProcess
from courseware.workspace import notebook, prepare_page


class DiscoveryHandler(APIHandler):  # type: ignore[misc]
    """``/course-server.json``. The book ships a static ``{}`` under this name, so a page may ask for it on any host."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Addresses for a signed-in reader, nothing for anyone else."""
        signed_in = self.current_user is not None
        self.set_header("Cache-Control", "no-store")
        self.finish(
            json.dumps(
                {"progress": "/course/progress", "status": "/course/status", "notebook": "/course/notebook/"} if signed_in else {}
            )
        )


class NotebookHandler(APIHandler):  # type: ignore[misc]
    """``/course/notebook/<page>``: the page as a notebook in JupyterLab, delivered on the way there."""

    @web.authenticated
    async def get(self, page: str) -> None:
        """A copy the learner has changed stays as it is."""
        try:
            path = await asyncio.to_thread(prepare_page, page)
        except LearnerError as error:
            raise web.HTTPError(404, str(error)) from error
        self.redirect(f"/lab/tree/{path.as_posix()}")


class StatusHandler(APIHandler):  # type: ignore[misc]
    """``/course/status``."""

    def initialize(self, account: AccountProcess, labs: list[Lab]) -> None:
        """What to tell about."""
        self.account, self.labs = account, labs

    @web.authenticated
    async def get(self) -> None:
        """The account, and each lab with the address of its notebook."""
        labs = [{"slug": lab.slug, "title": lab.title, "notebook": f"/lab/tree/{notebook(lab).as_posix()}"} for lab in self.labs]
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps({"account": self.account.status(), "labs": labs}))
