"""The built book behind a plain static server, and scripts that drive a real Chromium over it."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import threading
from functools import partial
from pathlib import Path

import pytest

from courseware.node import find_node
from courseware.web.book import build_book

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """As plain as a static host gets; ``.mjs`` is a script on every one of them."""

    protocol_version = "HTTP/1.1"
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def log_message(self, *_):
        """Requests are not worth a line."""


@pytest.fixture(scope="session")
def book():
    return build_book(ROOT, print)


@pytest.fixture(scope="session")
def site(book):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(book)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def command(site):
    """How a script of this folder is run in Node with Chromium: ``command(script, *arguments)``."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        pytest.skip(f"no browser: none of {', '.join(CHROMIUM_NAMES)} is on PATH")

    def make(script, *arguments):
        return [str(word) for word in (find_node().path, HERE / script, ROOT / "courseware" / "web", chromium, site, *arguments)]

    return make


@pytest.fixture(scope="session")
def drive(command):
    """Run a script; it prints one JSON object."""

    def run(script, *arguments):
        line = command(script, *arguments)
        done = subprocess.run(line, capture_output=True, text=True, timeout=280, env=os.environ, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return run
