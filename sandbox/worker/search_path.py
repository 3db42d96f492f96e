"""What ``import`` finds: the package first, then layers, then the runtime's own modules, in AWS's order."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

TASK, OPT, RUNTIME = "/var/task", "/opt", "/var/runtime"

# What awslambdaric itself has imported before it looks at a package; such a name in the package is never seen on AWS either.
BOOTSTRAP = ("decimal", "http.client", "importlib", "json", "logging", "math", "os", "re", "sys", "time", "traceback", "uuid")


def layer_entries(opt: str) -> list[str]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [f"{opt}/python/lib/{version}/site-packages", f"{opt}/python"]


def search_path(task: str, opt: str, runtime: str, standard: Iterable[str]) -> list[str]:
    """``standard`` is the interpreter's own path without any site-packages."""
    return [task, *(entry for entry in layer_entries(opt) if Path(entry).is_dir()), runtime, *standard]


def names_in(directories: Iterable[str]) -> set[str]:
    """Top-level module names the directories offer."""
    found: set[str] = set()
    for directory in directories:
        try:
            entries = os.listdir(directory)
        except OSError:
            continue
        found.update(entry.partition(".")[0] for entry in entries)
    return found


def keep_list(modules: Iterable[str]) -> frozenset[str]:
    """Which of the loaded modules a package cannot replace: the runtime's, and what its bootstrap imports on AWS."""
    kept = {"lambda_worker", "encodings", "importlib", "site", "__main__", *BOOTSTRAP}
    kept.update(name for name in modules if name.startswith("_"))
    return frozenset(kept)


def forget_shadowed(directories: Iterable[str], kept: frozenset[str]) -> None:
    """Preloaded modules whose names the package or a layer uses are forgotten, so that the package's own is found, as on AWS."""
    shadowed = names_in(directories) & {name.partition(".")[0] for name in sys.modules} - kept
    for name in list(sys.modules):
        if name.partition(".")[0] in shadowed:
            del sys.modules[name]
    importlib.invalidate_caches()
