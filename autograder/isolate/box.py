"""What the boxes have in common. The protocol they meet is the sandbox's (``sandbox/runtime/box.py``)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.isolate.filter import compile_filter
from sandbox.runtime.box import BoxLimits

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class NamespaceBox:
    """A fork server in namespaces of its own, made by a program that is already there; the backends say how it is called."""

    name: str
    program: str
    limits: BoxLimits = field(default_factory=BoxLimits)
    isolation: Literal["namespaces"] = "namespaces"
    own_processes: bool = True
    own_network: bool = True

    def seal(self, port: int) -> dict[str, Any]:
        return seal_rules(self.limits, port, in_namespaces=True)


def seal_rules(limits: BoxLimits, port: int, *, in_namespaces: bool) -> dict[str, Any]:
    return {
        "landlock": not in_namespaces,
        "filter": base64.b64encode(compile_filter(in_namespaces=in_namespaces)).decode(),
        "port": port,
        "cpu_s": limits.cpu_s,
        "file_bytes": limits.file_mb * _MB,
        "read_only": [],
        "writable": [],
        "listed": [],
    }
