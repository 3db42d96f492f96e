"""The function of the self-test: it tries what a box must prevent and answers with what it got through with.

Never imported here: its text becomes a package and runs in the box.
"""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

_VSOCK = 40
_NEW_USER_NAMESPACE = 0x10000000


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Exception:  # noqa: BLE001 - however it is prevented
        return False
    return True


def _connect(family: int, address: Any) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        client.connect(address)


def _unshare() -> None:
    if ctypes.CDLL(None).unshare(_NEW_USER_NAMESPACE) != 0:
        raise PermissionError("unshare")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """``event`` names what lies outside the box; ``door`` is the one address that must be reached."""
    secret = Path("/..", event["secret"][1:])  # a spelling that mapped paths do not know
    _succeeds(lambda: secret.with_suffix(".hole").write_text("hole"))  # in its own /tmp it may: whoever asks looks from outside
    outside = Path("/proc", str(event["process"]))
    attempts: dict[str, Callable[[], object]] = {
        "reads a file of this machine": secret.read_text,
        "reaches another service on loopback": lambda: _connect(socket.AF_INET, ("127.0.0.1", event["service"])),
        "reaches an abstract socket": lambda: _connect(socket.AF_UNIX, "\0" + event["abstract"]),
        "gets a socket to the hypervisor": lambda: socket.socket(_VSOCK, socket.SOCK_STREAM),
        "may signal a process outside": lambda: os.kill(event["process"], 0),
        "reads the grader's environment": (outside / "environ").read_bytes,
        "makes namespaces": _unshare,
    }
    holes = [name for name, attempt in attempts.items() if _succeeds(attempt)]
    return {"holes": holes, "reached": _succeeds(lambda: _connect(socket.AF_INET, ("127.0.0.1", event["door"])))}
