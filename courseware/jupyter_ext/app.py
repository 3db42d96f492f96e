"""The extension itself: puts the book and the course's own answers into Jupyter Server, and an account beside it."""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from tornado.routing import Rule
from traitlets import Unicode

from courseware.jupyter_ext.account_process import AccountProcess
from courseware.jupyter_ext.book_files import BookHandler, BookMatcher
from courseware.jupyter_ext.kernels import CourseKernelManager
from courseware.jupyter_ext.lab_soon import LabSoon
from courseware.jupyter_ext.progress_api import ProgressHandler
from courseware.jupyter_ext.status_api import DiscoveryHandler, NotebookHandler, StatusHandler
from courseware.place import course_root, state_folder
from courseware.workspace import prepare_all


class CourseApp(ExtensionApp):  # type: ignore[misc]
    """Loaded by ``./course up``; also by any Jupyter Server with ``courseware.jupyter_ext`` among its extensions."""

    name = "courseware"
    extension_url = "/"
    load_other_extensions = True

    book_folder = Unicode(help="The built book; default: book/_build/html.").tag(config=True)

    def initialize_handlers(self) -> None:
        """Prepare the learner's folders and hand out the paths."""
        logs = state_folder() / "logs"
        logs.mkdir(exist_ok=True)
        self.account = AccountProcess(self.log, logs / "account-of-server.log")
        self.lab_soon = LabSoon()
        labs = prepare_all()
        self.handlers.extend(
            [
                (r"/course-server\.json", DiscoveryHandler),
                (r"/course/notebook/([a-z0-9/-]+)", NotebookHandler),
                (r"/course/progress", ProgressHandler, {"path": state_folder() / "progress.json"}),
                (r"/course/status", StatusHandler, {"account": self.account, "labs": labs}),
            ]
        )

    def initialize(self) -> None:
        """After Jupyter's own set-up: the book, whose rule asks for a file that exists and so hides nothing else."""
        super().initialize()
        folder = self.book_folder or str(course_root() / "book" / "_build" / "html")
        matcher = BookMatcher(course_root() / folder)
        rule = Rule(matcher, BookHandler, {"path": str(matcher.folder)})
        self.serverapp.web_app.add_handlers(".*$", [rule])

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """The loop runs: start the account, then load JupyterLab, which pages of the book need not wait for."""
        if isinstance(serverapp.kernel_manager, CourseKernelManager):
            serverapp.kernel_manager.account_ready = self.account.ready
            self.account.announced = serverapp.kernel_manager.new_account
        self.account.start()
        serverapp.web_app.add_handlers(".*$", [self.lab_soon.rule])
        self.loading = asyncio.create_task(self.lab_soon.load(serverapp))

    async def stop_extension(self) -> None:
        """The server stops: so does the account."""
        self.loading.cancel()
        await self.account.stop()
