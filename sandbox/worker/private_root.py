"""A private root for each function, from mount and process namespaces: the interpreter, the package, the layers, a ``/tmp``.

The fork server builds the part all environments share once; each keeper adds its own on top. Other people's homes, the host's
``/tmp`` and the host's processes are not there. Works as root, and as a normal user where user namespaces are allowed.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from . import syscalls as linux

_HOST = "/mnt"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = """
    alternatives ca-certificates crypto-policies gai.conf host.conf hosts ld.so.cache ld.so.conf ld.so.conf.d localtime mime.types
    nsswitch.conf pki protocols resolv.conf services ssl
""".split()  # noqa: SIM905 - readable
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}
_USER = 993  # sbx_user1051, as whom AWS runs functions
_FIRST_OWN_USER = 61_000  # real root gives each environment a user of its own: limits and signals stay apart
_OWN_USERS = 4_000
_USER_STRIDE = 61  # two accounts that run at once seldom meet in one user, whose processes the kernel counts together
_ROOT_MB = 16
_PASSWD = "root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:{user}:{user}::/home/sbx_user1051:/sbin/nologin\n"  # noqa: S105 - no password in it
_GROUP = "root:x:0:\nsbx_user1051:x:{user}:\n"

_READ_ONLY = linux.MS_BIND | linux.MS_REMOUNT | linux.MS_RDONLY | linux.MS_NOSUID
_KEPT_FLAGS = (
    (os.ST_NODEV, linux.MS_NODEV),
    (os.ST_NOEXEC, linux.MS_NOEXEC),
    (os.ST_NOATIME, linux.MS_NOATIME),
    (os.ST_NODIRATIME, linux.MS_NODIRATIME),
    (os.ST_RELATIME, linux.MS_RELATIME),
) if hasattr(os, "ST_NODEV") else ()  # fmt: skip


def _bind(source: str, target: str) -> None:
    """Read-only. Flags the host has locked must be repeated, or the kernel refuses the remount."""
    linux.mount(source, target, None, linux.MS_BIND | linux.MS_REC)
    present = os.statvfs(target).f_flag
    linux.mount(None, target, None, _READ_ONLY | sum(flag for bit, flag in _KEPT_FLAGS if present & bit))


class Root:
    """The shared part, and what each environment does in turn: ``fork``, ``enter`` (keeper), ``become_function`` (function)."""

    def __init__(self, *, real_root: bool, account: int, optional: tuple[str, ...]) -> None:
        self._real_root = real_root
        self._account = account
        self._optional = optional  # interpreter directories under /opt, which layers would hide

    def fork(self) -> int:
        return linux.clone(linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWIPC)

    def enter(self, spec: dict[str, Any]) -> None:
        user = _FIRST_OWN_USER + (self._account * _USER_STRIDE + spec["id"]) % _OWN_USERS if self._real_root else _USER
        _bind(_HOST + spec["code_dir"], "/var/task")
        if spec["opt_dir"]:
            self._layers(spec["opt_dir"])
        options = f"size={spec['tmp_mb']}m,mode=0700,uid={user},gid={user}"
        linux.mount("tmpfs", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)  # noqa: S108 - the function's own
        with contextlib.suppress(OSError):  # some containers forbid a new /proc; then there is none
            linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
        linux.unmount(_HOST)
        linux.mount(None, "/", None, _READ_ONLY | linux.MS_NODEV)
        os.chdir("/var/task")
        if self._real_root:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        linux.drop_privileges()
        linux.set_dumpable(False)

    def _layers(self, source: str) -> None:
        if not self._optional:
            _bind(_HOST + source, "/opt")
            return
        linux.mount("tmpfs", "/opt", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=0755")
        for entry in Path(_HOST + source).iterdir():
            _place(str(entry), f"/opt/{entry.name}")
        for directory in self._optional:
            _place(_HOST + directory, directory)

    def become_function(self) -> None:
        linux.set_dumpable(True)  # or its own /proc/self would be closed to it


def _place(source: str, target: str) -> None:
    """Bind with the mount point made first."""
    place = Path(target)
    if Path(source).is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _bind(source, target)


def _new_namespaces() -> bool:
    """Real root needs no user namespace; anybody else gets one in which they are the function's user. True for real root: one
    who can be others as well.
    """
    if os.geteuid() == 0 and _maps_own_users():
        with contextlib.suppress(PermissionError):
            linux.unshare(linux.CLONE_NEWNS)
            return True
    user, group = os.geteuid(), os.getegid()
    linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_USER} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_USER} {group} 1")
    return False


def _maps_own_users() -> bool:
    """False for the root of a user namespace that holds nobody else."""
    rows = [[int(number) for number in line.split()] for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return any(first <= _FIRST_OWN_USER and first + count >= _FIRST_OWN_USER + _OWN_USERS for first, _, count in rows)


def _hide(base: str, settings: dict[str, Any]) -> None:
    """Empty directories over what lies in the shown part of the host but is not the runtime's, such as our own code."""
    for directory in settings["hidden"]:
        place = base + directory
        if Path(place).is_dir():
            linux.mount("tmpfs", place, "tmpfs", linux.MS_NOSUID | linux.MS_RDONLY, "size=4k,mode=0755")


def _fill(base: str, settings: dict[str, Any], interpreter: set[str]) -> None:
    for path in ("proc", "tmp", "var/task", "opt", "etc", "dev", "home/sbx_user1051", "var/lang", "var/runtime", _HOST[1:]):
        (Path(base) / path).mkdir(parents=True, exist_ok=True)
    for system in _SYSTEM:
        if Path(system).is_symlink():
            (Path(base) / system[1:]).symlink_to(Path(system).readlink())
        elif Path(system).is_dir():
            _place(system, base + system)
    for name in _ETC:
        if Path("/etc", name).exists():
            _place(str(Path("/etc", name).resolve()), f"{base}/etc/{name}")
    user = _USER
    Path(base, "etc/passwd").write_text(_PASSWD.format(user=user))
    Path(base, "etc/group").write_text(_GROUP.format(user=user))
    for device in _DEVICES:
        place = Path(base, "dev", device)
        place.touch()
        linux.mount(f"/dev/{device}", str(place), None, linux.MS_BIND)
    for link, target in _LINKS.items():
        Path(base, "dev", link).symlink_to(target)
    for directory in interpreter:
        _place(directory, base + directory)
    _hide(base, settings)
    linux.mount(base + sys.base_prefix, base + "/var/lang", None, linux.MS_BIND | linux.MS_REC)
    for name, source in settings["packages"]:
        _place(source, f"{base}/var/runtime/{name}")


def _self_test(root: Root, scratch: str) -> None:
    """One environment's worth of namespaces, thrown away: what fails here would fail every function."""
    process = root.fork()
    if process == 0:
        try:
            root.enter({"id": 0, "code_dir": scratch, "opt_dir": "", "tmp_mb": 1})
            Path("/tmp/probe").write_text("")  # noqa: S108 - inside the private root
            worker = os.fork()
            if worker == 0:
                os._exit(0)
            os._exit(os.waitpid(worker, 0)[1])
        except OSError:
            os._exit(1)
    if os.waitpid(process, 0)[1] != 0:
        raise OSError("the private root does not work here")


def build(settings: dict[str, Any]) -> Root:
    """Move this process, the fork server, into the shared root. OSError if the machine does not allow it, without harm."""
    if not linux.namespaces_possible:
        raise OSError("no namespaces on this system")
    base = str(Path(settings["scratch"], "root"))
    Path(base).mkdir(exist_ok=True)
    prefixes = {sys.base_prefix, sys.base_exec_prefix, os.path.realpath(sys.base_prefix)}
    interpreter = {each for each in prefixes if not each.startswith("/usr")}
    real_root = _new_namespaces()
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", base, "tmpfs", linux.MS_NOSUID, f"size={_ROOT_MB}m,mode=0755")
    _fill(base, settings, interpreter)
    root = Root(
        real_root=real_root, account=settings["account"], optional=tuple(each for each in interpreter if each.startswith("/opt/"))
    )
    here = Path.cwd()
    os.chdir(base)
    linux.pivot_root(".", base + _HOST)
    os.chdir("/")
    try:
        _self_test(root, settings["scratch"])
    except OSError:
        os.chroot(_HOST)  # back to the host's files
        os.chdir(here)
        raise
    return root
