"""The third box, where the machine forbids namespaces: landlock, a system call filter and resource limits on every function.

Weaker than the others, and said so in ``docs/attacks.md``: names and sizes of files can be asked for, ``/tmp`` is an ordinary
folder, TCP is bounded by port and not by host, and processes are counted from outside.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from autograder.isolate.box import seal_rules
from sandbox.runtime.box import BoxLimits, Ground

_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_INSTALLED = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Landlock:
    name: str = "landlock"
    limits: BoxLimits = field(default_factory=BoxLimits)
    isolation: Literal["paths"] = "paths"
    own_processes: bool = False
    own_network: bool = False

    def command(self, program: Sequence[str], ground: Ground) -> list[str]:  # noqa: ARG002 - each function is boxed, not their server
        return list(program)

    def seal(self, port: int) -> dict[str, Any]:
        interpreter = [path for prefix in {sys.base_prefix, sys.base_exec_prefix} for path in _granted(Path(prefix))]
        rules = seal_rules(self.limits, port, in_namespaces=False)
        return rules | {"read_only": [*_SYSTEM, *interpreter], "writable": list(_DEVICES), "listed": [sys.base_prefix]}


def _granted(prefix: Path) -> Iterator[str]:
    """An interpreter's parts but for what is installed into it: landlock cannot take a folder out of a granted one."""
    if prefix in (Path("/"), Path("/usr")):
        return
    for part in prefix.glob("lib/python3*/*"):
        if part.name not in _INSTALLED:
            yield str(part)
    yield from (str(path) for path in prefix.glob("*") if path.name != "lib")
    yield from (str(path) for path in prefix.glob("lib/*") if not path.name.startswith("python3"))
