"""The order of the book's pages, which ``book/_toc.yml`` alone gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FILE = Path("book") / "_toc.yml"


def pages_in_order(root: Path) -> list[str]:
    """Names as Sphinx has them, the first page first."""
    document = yaml.safe_load((root / FILE).read_text("utf-8"))
    return [document["root"], *_files(document)]


def parts_of_pages(root: Path) -> dict[str, str]:
    """The caption of the part that each page but the first stands in, in order."""
    document = yaml.safe_load((root / FILE).read_text("utf-8"))
    return {page: part["caption"] for part in document["parts"] for page in _files(part)}


def _files(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        if "file" in entry:
            yield entry["file"]
        for key in ("parts", "chapters", "sections"):
            yield from _files(entry.get(key, []))
    elif isinstance(entry, list):
        for inner in entry:
            yield from _files(inner)
