"""The last thing done to a function's process before its own code runs in a box: rules no process can take off again.

What is filtered and granted is decided above and arrives as data; here are only the kernel's calls.
"""

from __future__ import annotations

import base64
import fcntl
import resource
import socket
import struct
from typing import Any

from . import landlock, syscalls

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_BACKLOG = 128


def apply(rules: dict[str, Any], read_only: list[str], writable: list[str]) -> None:
    """OSError if the machine refuses: the process must then not go on. The directories are for landlock alone."""
    if not rules:
        return
    _limit(resource.RLIMIT_CPU, rules["cpu_s"])
    _limit(resource.RLIMIT_FSIZE, rules["file_bytes"])
    syscalls.drop_privileges()
    if rules["landlock"]:
        landlock.restrict([*read_only, *rules["read_only"]], [*writable, *rules["writable"]], rules["listed"], rules["port"])
    syscalls.filter_calls(base64.b64decode(rules["filter"]))


def _limit(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (value, value))


def listen(port: int) -> socket.socket:
    """The account's address inside this network namespace. Accepted connections belong to whoever is handed the socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        if not flags & _IFF_UP:
            fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | _IFF_UP, b""))
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.bind(("127.0.0.1", port))
    door.listen(_BACKLOG)
    return door
