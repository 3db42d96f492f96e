"""Landlock by raw system calls: a process gives up all files but the named ones, all TCP ports but one, signals to the outside.

Numbers and layouts: linux/landlock.h; https://docs.kernel.org/userspace-api/landlock.html. ABI 6 (Linux 6.12) is the oldest that
also keeps signals and abstract Unix sockets inside.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from . import syscalls

ABI_MIN = 6

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH, _RULE_NET_PORT = 1, 2
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_ALL_FILES = (1 << 16) - 1
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_BIND_TCP, _CONNECT_TCP = 1, 2
_SCOPE_ABSTRACT_UNIX_SOCKET, _SCOPE_SIGNAL = 1, 2
_READ_ONLY = _EXECUTE | _READ_FILE | _READ_DIR
_WRITABLE = _ALL_FILES & ~(_EXECUTE | _IOCTL_DEV)


def abi() -> int:
    """0 where the kernel has no landlock, or it is switched off."""
    try:
        return syscalls.call_by_number(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_CREATE_RULESET_VERSION))
    except OSError:
        return 0


def restrict(read_only: Iterable[str], writable: Iterable[str], listed: Iterable[str], port: int) -> None:
    """For this thread and all it starts; of ``listed`` directories only names can be read. OSError where the kernel is too old
    for the whole of it.
    """
    if abi() < ABI_MIN:
        raise OSError(f"landlock ABI {abi()}; {ABI_MIN} is needed")
    scope = _SCOPE_ABSTRACT_UNIX_SOCKET | _SCOPE_SIGNAL
    attributes = struct.pack("=QQQ", _ALL_FILES, _BIND_TCP | _CONNECT_TCP, scope)
    rules = syscalls.call_by_number(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    try:
        for path in read_only:
            _allow(rules, path, _READ_ONLY)
        for path in writable:
            _allow(rules, path, _WRITABLE)
        for path in listed:
            _allow(rules, path, _READ_DIR)
        if port:
            _add(rules, _RULE_NET_PORT, struct.pack("=QQ", _CONNECT_TCP, port))
        syscalls.call_by_number(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    """A path that is not there grants nothing."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= _FILE_ONLY
        _add(rules, _RULE_PATH_BENEATH, struct.pack("=Qi", access, place))
    finally:
        os.close(place)


def _add(rules: int, kind: int, attributes: bytes) -> None:
    syscalls.call_by_number(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(kind), attributes, ctypes.c_uint32(0))
