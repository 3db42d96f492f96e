"""What a recording was made of: files of this project and the packages beside it, each with its digest."""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

from sandbox.clock import Clock

ROOT = Path(__file__).parents[2]
_PARTS = tuple(f"{ROOT / part}{os.sep}" for part in ("sandbox", "autograder", "courseware"))


class MadeOf:
    """The modules that an interpreter has imported of the project, the data that lie in their folders, the packages installed."""

    def __init__(self) -> None:
        self._since = Clock().now()

    def digests(self) -> dict[str, str]:
        """By path relative to the root; empty for a file that was changed since the start, which no digest of it will equal."""
        modules = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
        files = {Path(name) for name in modules if name.startswith(_PARTS)}
        files |= {data for folder in {file.parent for file in files} for data in _data(folder)}
        made_of = {file.relative_to(ROOT).as_posix(): self._digest(file) for file in sorted(files)}
        packages = Path(sysconfig.get_paths()["purelib"])
        return {**made_of, packages.as_posix(): digest(packages)}

    def _digest(self, file: Path) -> str:
        return "" if file.stat().st_mtime > self._since else digest(file)


def _data(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if entry.is_file() and entry.suffix not in {".py", ".pyc"}]


@cache
def digest(path: Path) -> str:
    """Of a file's content, or of the names and versions of a folder of packages, as this process first saw it."""
    if path.is_file():
        content = path.read_bytes()
    else:
        content = "\n".join(sorted(entry.name for entry in path.glob("*.dist-info"))).encode()
    return hashlib.sha256(content).hexdigest()[:16]
