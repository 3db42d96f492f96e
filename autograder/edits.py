"""Edits that make one folder of files another: ``[[edit]]`` tables with ``file``, ``find`` and ``replace``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import LabError


def edited(files: Mapping[str, bytes], document: Mapping[str, Any], named: Path) -> dict[str, bytes]:
    """``files`` after the document's edits; each ``find`` must occur exactly once. LabError names the one that does not fit."""
    held = dict(files)
    for edit in document.get("edit", ()):
        text = held.get(edit["file"], b"").decode()
        if text.count(edit["find"]) != 1:
            raise LabError(f"{named}: {edit['find']!r} occurs {text.count(edit['find'])} times in {edit['file']}, not once")
        held[edit["file"]] = text.replace(edit["find"], edit["replace"]).encode()
    return held
