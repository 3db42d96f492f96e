"""What the book costs: to build, to load, and until its first Lambda function has answered. One JSON object."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from courseware.node import find_node
from courseware.web.book import build_book
from courseware.web.runtime_bundle import archives

ROOT = Path(__file__).parents[1]
TOUCHED = ROOT / "book" / "reference" / "glossary.md"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str] | None = None) -> int:
    """Prints ``pages full_s noop_s touched_s page_kb runtime_mb first_live_s warm_live_s`` (None: no Chromium)."""
    parser = argparse.ArgumentParser(description="measure the book")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args(arguments).json
    figures = measure(lambda text: print(text, file=sys.stderr))
    print(json.dumps(figures) if as_json else "\n".join(f"{name:14} {value}" for name, value in figures.items()))
    return 0


def measure(report: Callable[[str], None]) -> dict[str, float | int | None]:
    full_s, html = _timed(lambda: build_book(ROOT, report, full=True))
    noop_s, _ = _timed(lambda: build_book(ROOT, report))
    original = TOUCHED.read_text("utf-8")
    try:
        TOUCHED.write_text(original + "\n", "utf-8")
        touched_s, _ = _timed(lambda: build_book(ROOT, report))
    finally:
        TOUCHED.write_text(original, "utf-8")
    build_book(ROOT, report)
    runtime_bytes = sum(archive.size_bytes for archive in archives(ROOT / "book" / "assets").values())
    seen = _in_chromium(html)
    return {
        "pages": sum(1 for page in html.rglob("*.html") if "_static" not in page.parts),
        "full_s": round(full_s, 2),
        "noop_s": round(noop_s, 3),
        "touched_s": round(touched_s, 2),
        "page_kb": seen and round(seen["bytes"] / 1000),
        "runtime_mb": round(runtime_bytes / 1e6, 2),
        "first_live_s": seen and round(seen["cold_ms"] / 1000, 2),
        "warm_live_s": seen and round(seen["warm_ms"] / 1000, 3),
    }


def _timed(action: Callable[[], Path]) -> tuple[float, Path]:
    began = time.perf_counter()
    answer = action()
    return time.perf_counter() - began, answer


def _in_chromium(html: Path) -> dict[str, float] | None:
    """Three visits with an empty cache each; the median of the cold runs, the best of the warm ones."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        return None
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(html)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        script = ROOT / "tests" / "browser" / "first_result.mjs"
        site = f"http://127.0.0.1:{server.server_port}/"
        command = [find_node().path, script, ROOT / "courseware" / "web", chromium, site]
        with tempfile.TemporaryDirectory() as folder:
            rows = [_visit(command, folder) for _ in range(3)]
    finally:
        server.shutdown()
        server.server_close()
    cold = sorted(row["cold_ms"] for row in rows)
    return {"bytes": rows[0]["bytes"], "cold_ms": cold[1], "warm_ms": min(row["warm_ms"] for row in rows)}


def _visit(command: list[str | Path], folder: str) -> dict[str, float]:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, timeout=120, cwd=folder)
    visit: dict[str, float] = json.loads(done.stdout)
    return visit


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def log_message(self, *_arguments: object) -> None:
        """Requests are not worth a line."""


if __name__ == "__main__":
    sys.exit(main())
