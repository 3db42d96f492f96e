"""What this machine has to offer: a browser, a free port."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from pathlib import Path

from courseware.errors import LearnerError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> Path | None:
    """Chromium or Chrome: ``COURSE_CHROMIUM`` when set, else the first on PATH."""
    named = os.environ.get("COURSE_CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in _BROWSERS), *_APPLICATIONS]
    return next((Path(found) for found in candidates if found and os.access(found, os.X_OK)), None)


def port_is_free(port: int) -> bool:
    """Whether a server could listen on loopback there now."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def choose_port(wanted: int | None, first: int, tries: int = 20) -> int:
    """The wanted port or a LearnerError naming the flag; without a wish, ``first`` or the next free one after it."""
    if wanted is not None:
        if not port_is_free(wanted):
            raise LearnerError(f"port {wanted} is in use; choose another with --port N, or leave --port out to take a free one")
        return wanted
    return next((port for port in range(first, first + tries) if port_is_free(port)), None) or free_port()
