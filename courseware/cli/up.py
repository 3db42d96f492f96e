"""``./course up``: everything at one address."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser

from courseware.machine import choose_port
from courseware.place import course_root

EXAMPLES = """examples:
  ./course up                      build what changed, serve, open the browser; Ctrl-C stops everything
  ./course up --port 9000          at another port
  ./course up --no-browser         only print the address

The address carries a token that signs this browser in. Pages of the book can be read without it; JupyterLab, notebooks
and saved progress need it. The server listens on 127.0.0.1 only.
"""

_FIRST_PORT = 8888


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags of ``./course up``."""
    parser.add_argument("--port", type=int, metavar="N", help=f"port to serve at (default: {_FIRST_PORT} or the next free one)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(args: argparse.Namespace) -> int:
    """Build, serve, say where."""
    port = choose_port(args.port, _FIRST_PORT)
    # Imported here: --help and a port in use need neither Sphinx's caller nor Jupyter.
    from courseware.web.book import build_book  # noqa: PLC0415

    book = build_book(course_root(), _say)
    # jsonschema imports this one if it can, for a format of strings nothing here uses, and it takes 0.9 s to import.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from courseware.jupyter_ext.server import serve  # noqa: PLC0415

    def listening(address: str) -> None:
        base = address.partition("?")[0]
        print(f"\n  The course is at   {address}\n  JupyterLab is at   {base}lab\n\n  Ctrl-C stops it.", flush=True)
        if not args.no_browser and _has_display():
            webbrowser.open(address)

    serve(port, book, listening)
    _say("stopped")
    return 0


def _has_display() -> bool:
    """Without one, ``webbrowser`` would start a text browser in this very terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(text: str) -> None:
    print(f"course: {text}", file=sys.stderr, flush=True)
