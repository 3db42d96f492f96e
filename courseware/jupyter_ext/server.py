"""Jupyter Server, set up for the course: loopback only, nothing but our own configuration, nothing fetched from elsewhere."""

from __future__ import annotations

import os
import secrets
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.serverapp import JupyterServerAuthWarning, ServerApp
from traitlets.config import Config

from courseware.place import state_folder, write_atomically
from courseware.workspace import work_folder

ADDRESS = "127.0.0.1"
# Parts of JupyterLab that ask the network, or whose other half, a server extension, is not loaded here.
_LEFT_OUT = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/fileeditor-extension:language-server",  # these two ask for the one above, and say so in the console
    "@jupyterlab/notebook-extension:language-server",
    "@jupyter/nbgrader",
    "jupyterlab-jupytext",
)
_KERNEL = {"IPKernelApp": {"extensions": ["courseware.kernel"]}}
_EXTENSIONS = ("courseware.jupyter_ext", "jupyter_server_terminals")  # which loads JupyterLab once pages are served


def serve(port: int, book_folder: Path, listening: Callable[[str], None]) -> None:
    """Run until Ctrl-C or SIGTERM; ``listening`` gets the address to open, token and all."""
    _own_jupyter_folders(state_folder() / "jupyter")
    token = secrets.token_hex(24)
    app = ServerApp.instance(config=_config(port, book_folder, token), jpserver_extensions=dict.fromkeys(_EXTENSIONS, True))
    with warnings.catch_warnings():
        # Terminals check who is there themselves, in a way the server's look at their decorators does not see.
        warnings.simplefilter("ignore", JupyterServerAuthWarning)
        app.initialize(argv=[], find_extensions=False)  # a list of arguments, else Jupyter would read ours
    for number in (signal.SIGINT, signal.SIGTERM):  # Jupyter would ask first, and wait five seconds for the answer
        signal.signal(number, lambda *_: app.stop(from_signal=True))
    app.io_loop.add_callback(lambda: listening(f"http://{ADDRESS}:{app.port}/?token={token}"))
    app.start()


def _own_jupyter_folders(folder: Path) -> None:
    """A learner's own Jupyter settings must not change the course, nor the course theirs."""
    folders = {
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": folder / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
        "IPYTHONDIR": folder / "ipython",
    }
    for name, path in folders.items():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ[name] = str(path)
    write_atomically(folder / "ipython" / "profile_default" / "ipython_kernel_config.json", _KERNEL)
    write_atomically(folder / "config" / "labconfig" / "page_config.json", {"disabledExtensions": dict.fromkeys(_LEFT_OUT, True)})


def _config(port: int, book_folder: Path, token: str) -> Config:
    work_folder().mkdir(parents=True, exist_ok=True)
    options: dict[str, dict[str, Any]] = {
        "ServerApp": {
            "ip": ADDRESS,
            "port": port,
            "port_retries": 0,
            "root_dir": str(work_folder()),
            "open_browser": False,
            "default_url": "/",
            # Learners in containers are root; the server listens on loopback and asks for a token in any case.
            "allow_root": True,
            "allow_unauthenticated_access": False,
            "kernel_manager_class": "courseware.jupyter_ext.kernels.CourseKernelManager",
        },
        "IdentityProvider": {"token": token},
        "Application": {"log_level": "ERROR"},
        "CourseApp": {"book_folder": str(book_folder), "log_level": "WARN"},
        # JupyterLab asks PyPI for updates, news and extensions unless told not to.
        "LabApp": {
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "news_url": None,
            "extension_manager": "readonly",
            "expose_app_in_browser": False,
        },
        # Another kernel of this machine has neither boto3 nor the labs' checks.
        "KernelSpecManager": {"allowed_kernelspecs": {"python3"}},
        "KernelManager": {"transport_encryption": "auto"},  # other users of this machine could listen on loopback
        "FileContentsManager": {"delete_to_trash": False},
    }
    return Config(options)
