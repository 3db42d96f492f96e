"""The second box: namespaces by util-linux's ``unshare``. The fork server, which is ours, still sees the machine's files;
functions live in the private root it makes for each of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.isolate.box import NamespaceBox
from sandbox.runtime.box import Ground


@dataclass(frozen=True, slots=True)
class Unshare(NamespaceBox):
    name: str = "unshare"
    program: str = "unshare"

    def command(self, program: Sequence[str], ground: Ground) -> list[str]:  # noqa: ARG002 - it hides nothing from the fork server
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        return [self.program, *user, "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child=SIGKILL", "--", *program]
