"""The few Linux calls Python 3.11 does not offer, by ctypes. On other systems ``available`` is False and nothing here is used."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys

available = sys.platform == "linux"

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 1024, 2048, 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
_SECCOMP_MODE_FILTER = 2
_FILTER_INSTRUCTION_BYTES = 8
_SYS_CLONE = {"x86_64": 56, "aarch64": 220, "arm64": 220}
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "arm64": 41}
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True) if available else None
_machine = platform.machine()
namespaces_possible = available and _machine in _SYS_CLONE


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _call(name: str, *arguments: object) -> int:
    assert _libc is not None
    return _checked(getattr(_libc, name)(*arguments), name)


def _text(value: str | None) -> bytes | None:
    return None if value is None else value.encode()


def unshare(flags: int) -> None:
    _call("unshare", ctypes.c_int(flags))


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    try:
        _call("mount", _text(source), _text(target), _text(kind), ctypes.c_ulong(flags), _text(options))
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} ({source} on {target})") from None


def unmount(target: str) -> None:
    _call("umount2", _text(target), ctypes.c_int(MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    _call("syscall", ctypes.c_long(_SYS_PIVOT_ROOT[_machine]), _text(new), _text(old))


def clone(flags: int) -> int:
    """``fork`` into new namespaces: 0 in the child. Only for a process with one thread; Python's own fork hooks do not run."""
    number = ctypes.c_long(_SYS_CLONE[_machine])
    zero = ctypes.c_long(0)
    return _call("syscall", number, ctypes.c_long(flags | signal.SIGCHLD), zero, zero, zero, zero)


def die_with_parent() -> None:
    if available:
        _call("prctl", _PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)


def adopt_orphans() -> None:
    if available:
        _call("prctl", _PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1), 0, 0, 0)


def set_dumpable(on: bool) -> None:
    if available:
        _call("prctl", _PR_SET_DUMPABLE, ctypes.c_ulong(int(on)), 0, 0, 0)


def drop_privileges() -> None:
    """No capability is left, and none comes back by executing something."""
    _call("prctl", _PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", header, nothing)


class _Program(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_calls(program: bytes) -> None:
    """Install a seccomp filter for this process and all it starts; privileges must have been dropped."""
    filled = _Program(len(program) // _FILTER_INSTRUCTION_BYTES, program)
    _call("prctl", _PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(filled), 0, 0)


def call_by_number(number: int, *arguments: object) -> int:
    """A call the C library has no name for yet."""
    return _call("syscall", ctypes.c_long(number), *arguments)
