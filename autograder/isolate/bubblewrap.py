"""The strongest box: bubblewrap shows the fork server nothing of the machine but what it needs, in namespaces of its own.

Inside, every environment gets a private root once more, so there are two walls. Run by root, bubblewrap keeps the fork server's
privileges (it makes mounts and gives each environment a user of its own) and the fork server takes them from every function.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.isolate.box import NamespaceBox
from sandbox.runtime.box import Ground

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")


@dataclass(frozen=True, slots=True)
class Bubblewrap(NamespaceBox):
    name: str = "bubblewrap"
    program: str = "bwrap"

    def command(self, program: Sequence[str], ground: Ground) -> list[str]:
        walls = [
            "--unshare-net",
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--hostname",
            "lambda",
        ]
        if os.geteuid() == 0:
            walls += ["--cap-add", "ALL"]
        shown = [option for path in _SYSTEM for option in _system(path)]
        for path in ground.read_only:
            shown += ["--ro-bind", path, path]
        for path in ground.writable:
            shown += ["--bind", path, path]
        places = ["--proc", "/proc", "--dev", "/dev", "--dir", "/mnt", "--ro-bind", "/etc", "/etc", "--chdir", "/"]
        return [self.program, *walls, "--die-with-parent", "--new-session", "--as-pid-1", *shown, *places, "--", *program]


def _system(path: str) -> list[str]:
    place = Path(path)
    if place.is_symlink():
        return ["--symlink", str(place.readlink()), path]
    return ["--ro-bind", path, path] if place.is_dir() else []
