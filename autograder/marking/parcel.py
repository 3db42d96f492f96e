"""A submission folder as one JSON text and back, for judges on machines that do not share a disk.

Contents travel whole; what a judge refuses anyway arrives as what it was: a link as a link, a device as a pipe, a file past the
limit as a hole of its size. So the far judge sees what a near one would.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault

PARCEL_BYTES_MAX = 96_000_000
ENTRIES_MAX = 5_000


def pack(folder: Path) -> str:
    """Never follows a link and never opens what is no regular file."""
    entries: list[dict[str, Any]] = []
    left = PARCEL_BYTES_MAX
    for parent, folders, files in os.walk(folder):
        for name in sorted((*folders, *files)):
            if len(entries) < ENTRIES_MAX:
                path = Path(parent, name)
                entry = _entry(path, left)
                left -= len(entry.get("data", ""))
                entries.append({"path": os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace"), **entry})
    return json.dumps(entries)


def unpack(parcel: str, folder: Path) -> None:
    """Into an empty folder. GraderFault for a parcel that was not packed here."""
    for entry in json.loads(parcel):
        path = folder / entry["path"]
        if not path.is_relative_to(folder) or ".." in path.parts:
            raise GraderFault(f"a parcel leads out of its folder: {entry['path']!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry["kind"] == "folder":
            path.mkdir(exist_ok=True)
        elif entry["kind"] == "link":
            path.symlink_to(entry["target"])
        elif entry["kind"] == "other":
            os.mkfifo(path)
        else:
            path.write_bytes(base64.b64decode(entry["data"]))
            os.truncate(path, entry["size"])


def _entry(path: Path, left: int) -> dict[str, Any]:
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        return {"kind": "folder"}
    if stat.S_ISLNK(found.st_mode):
        return {"kind": "link", "target": os.fsencode(path.readlink()).decode("utf-8", "backslashreplace")}
    if not stat.S_ISREG(found.st_mode):
        return {"kind": "other"}
    fits = found.st_size * 4 // 3 < left
    data = base64.b64encode(path.read_bytes()).decode("ascii") if fits else ""
    return {"kind": "file", "size": found.st_size, "data": data}
