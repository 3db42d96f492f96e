"""The whole book as one PDF, printed by Chromium from the built pages: with outline, links and tags for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from courseware.errors import LearnerError
from courseware.machine import find_chromium
from courseware.toc import pages_in_order
from courseware.web.node import run_node


def print_book(root: Path, html: Path, target: Path, pages: Sequence[str] = ()) -> None:
    """All pages, or the ones named, in the order of the book. LearnerError: there is no Chromium to print with."""
    chromium = find_chromium()
    if chromium is None:
        raise LearnerError("printing needs Chromium or Chrome, and none is on PATH; `./course doctor` tells how to get one")
    title = str(yaml.safe_load((root / "_config.yml").read_text("utf-8"))["title"])
    target.parent.mkdir(parents=True, exist_ok=True)
    web = root / "courseware" / "web"
    chosen = [page for page in pages_in_order(root) if not pages or page in pages]
    run_node(web / "print.mjs", html, chromium, target.resolve(), title, *chosen, cwd=web)
