"""What ``import`` finds: the package first, then layers, then the runtime's own modules, in AWS's order."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path

TASK, OPT, RUNTIME = "/var/task", "/opt", "/var/runtime"

# What awslambdaric has imported, directly or not, before it looks at a package (listed on Python 3.11 to 3.13): such a name in
# the package is never seen on AWS either.
KEPT = frozenset(
    """
    __main__ abc array atexit base64 binascii bisect builtins calendar codecs collections concurrent contextlib copyreg datetime
    decimal email encodings enum errno functools genericpath heapq http importlib io ipaddress itertools json keyword
    lambda_worker linecache locale logging marshal math numbers operator os posix posixpath quopri random re reprlib select
    selectors site socket ssl stat string struct sys textwrap threading time token tokenize traceback types typing urllib
    warnings weakref zipimport
    """.split()  # noqa: SIM905 - readable
)


def layer_entries(opt: str, execution_env: str = "") -> list[str]:
    """Where layers are looked into: by the runtime that was asked for, as on AWS, whatever interpreter stands in for it."""
    version = execution_env.removeprefix("AWS_Lambda_")
    if not version.startswith("python"):
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [f"{opt}/python/lib/{version}/site-packages", f"{opt}/python"]


def search_path(task: str, opt: str, runtime: str, standard: Iterable[str], execution_env: str = "") -> list[str]:
    """``standard`` is the interpreter's own path without any site-packages."""
    return [task, *(entry for entry in layer_entries(opt, execution_env) if Path(entry).is_dir()), runtime, *standard]


def names_in(directories: Iterable[str]) -> set[str]:
    """Top-level module names the directories offer."""
    found: set[str] = set()
    for directory in directories:
        try:
            found.update(path.name.partition(".")[0] for path in Path(directory).iterdir())
        except OSError:
            continue
    return found


def replaceable(directories: Iterable[str]) -> set[str]:
    """Top-level names for which a package or layer, not the runtime, has the word."""
    return {name for name in names_in(directories) if name not in KEPT and not name.startswith("_")}


def forget_shadowed(directories: Iterable[str]) -> None:
    """Preloaded modules whose names the package or a layer uses are forgotten, so that the package's own is found, as on AWS."""
    replaced = replaceable(directories)
    for name in list(sys.modules):
        if name.partition(".")[0] in replaced:
            del sys.modules[name]
    importlib.invalidate_caches()
