"""Which system calls a function may not make, as a classic BPF program for seccomp.

A list of refusals, not of permissions: functions bring any library they like, and the walls are the namespaces (or landlock);
the filter takes away what reaches past them: other ways into the kernel, and addresses that are in no namespace. Numbers:
arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux 6.12.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterable, Mapping

from autograder.errors import AutograderError

_LOAD, _MASK, _EQUAL, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000
_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: numbers on x86_64 and aarch64; 0 where the machine has no such call
_CALLS: Mapping[str, tuple[int, int]] = {
    "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "chmod": (90, 0), "chown": (92, 0),
    "chroot": (161, 51), "clock_adjtime": (305, 266), "clock_settime": (227, 112), "clone": (56, 220), "clone3": (435, 435),
    "delete_module": (176, 106), "fanotify_init": (300, 262), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "fchownat": (260, 54), "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430),
    "fspick": (433, 433), "init_module": (175, 105), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425), "ioperm": (173, 0), "iopl": (172, 0), "ioprio_set": (251, 30), "kcmp": (312, 272),
    "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219), "lchown": (94, 0),
    "lookup_dcookie": (212, 18), "lremovexattr": (198, 15), "lsetxattr": (189, 6), "migrate_pages": (256, 238),
    "modify_ldt": (154, 0), "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429), "move_pages": (279, 239),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "msgget": (68, 186), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "open_tree": (428, 428), "perf_event_open": (298, 241), "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41), "prlimit64": (302, 261), "process_madvise": (440, 440), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60), "reboot": (169, 142),
    "removexattr": (197, 14), "request_key": (249, 218), "sched_setaffinity": (203, 122), "sched_setattr": (314, 274),
    "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "semget": (64, 190), "sendmmsg": (307, 269),
    "sendmsg": (46, 211), "sendto": (44, 206), "setdomainname": (171, 162), "sethostname": (170, 161), "setns": (308, 268),
    "setpriority": (141, 140), "settimeofday": (164, 170), "setxattr": (188, 5), "shmget": (29, 194), "socket": (41, 198),
    "swapoff": (168, 225), "swapon": (167, 224), "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97),
    "userfaultfd": (323, 282), "vhangup": (153, 58),
}  # fmt: skip

_REFUSED = """
    acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module fanotify_init finit_module fsconfig fsmount fsopen
    fspick init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl
    lookup_dcookie migrate_pages modify_ldt mount mount_setattr move_mount move_pages name_to_handle_at open_by_handle_at
    open_tree perf_event_open pidfd_getfd pivot_root process_madvise process_vm_readv process_vm_writev ptrace quotactl reboot
    request_key setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare userfaultfd vhangup
""".split()  # noqa: SIM905 - readable

# Without namespaces: what reaches other processes and files of the same user, which landlock leaves alone.
_REFUSED_OUTSIDE_NAMESPACES = """
    chmod chown fchmodat fchmodat2 fchownat ioprio_set lchown lremovexattr lsetxattr mq_open mq_unlink msgget removexattr
    sched_setattr sched_setparam sched_setscheduler semget setpriority setxattr shmget
""".split()  # noqa: SIM905 - readable

_NEW_NAMESPACES = 0x7E020080  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET and NEWTIME
_FAST_OPEN = 0x20000000  # MSG_FASTOPEN connects without connect()
_TYPE_BITS = 0xF
_STREAM, _TCP = 1, 6
_FAMILIES = (1, 2, 10, 16)  # Unix, IPv4, IPv6, netlink: those a network namespace holds; vsock, for one, leads to the hypervisor

_Instruction = tuple[int, int, int, int]


def compile_filter(*, in_namespaces: bool, machine: str = "") -> bytes:
    """The program for this machine; AutograderError on a processor it was not written for."""
    machine = machine or platform.machine()
    if machine not in _ARCHES:
        raise AutograderError(f"no system call filter for {machine}; grade on {' or '.join(_ARCHES)}, or with --allow-unsafe")
    column = list(_ARCHES).index(machine)
    rules = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _ARCHES[machine]), (_ANSWER, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_ANSWER, 0, 0, _ERRNO | errno.ENOSYS),
    ]  # fmt: skip
    refused = [*_REFUSED, *([] if in_namespaces else _REFUSED_OUTSIDE_NAMESPACES)]
    for name in refused:
        rules += _when(_CALLS[name][column], [(_ANSWER, 0, 0, _ERRNO | errno.EPERM)])
    rules += _when(_CALLS["clone3"][column], [(_ANSWER, 0, 0, _ERRNO | errno.ENOSYS)])  # its flags are behind a pointer
    rules += _when(_CALLS["clone"][column], _unless_bits(0, _NEW_NAMESPACES))
    rules += _when(_CALLS["socket"][column], _sockets(_FAMILIES) if in_namespaces else _sockets((2, 10), tcp_only=True))
    if not in_namespaces:
        for name, flags in (("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3)):
            rules += _when(_CALLS[name][column], _unless_bits(flags, _FAST_OPEN))
        for name in ("prlimit64", "sched_setaffinity"):
            rules += _when(_CALLS[name][column], _one_of(0, (0,), errno.EPERM))  # only on the caller itself
    return b"".join(struct.pack("=HBBI", *each) for each in [*rules, (_ANSWER, 0, 0, _ALLOW)])


def _when(number: int, then: list[_Instruction]) -> list[_Instruction]:
    """``then`` for this call; the number is loaded again after it, as it may have looked at an argument."""
    if not number:
        return []
    return [(_EQUAL, 0, len(then) + 1, number), *then, (_LOAD, 0, 0, _NUMBER)]


def _argument(index: int) -> _Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)  # the low half: every argument looked at is an int


def _unless_bits(index: int, bits: int) -> list[_Instruction]:
    return [_argument(index), (_ANY_BIT, 0, 1, bits), (_ANSWER, 0, 0, _ERRNO | errno.EPERM)]


def _one_of(index: int, values: Iterable[int], refusal: int) -> list[_Instruction]:
    wanted = list(values)
    tests = [(_EQUAL, len(wanted) - place, 0, value) for place, value in enumerate(wanted)]
    return [_argument(index), *tests, (_ANSWER, 0, 0, _ERRNO | refusal)]


def _sockets(families: tuple[int, ...], *, tcp_only: bool = False) -> list[_Instruction]:
    """UDP is under no landlock rule, nor is multipath TCP."""
    rules = _one_of(0, families, errno.EAFNOSUPPORT)
    if tcp_only:
        masked = [_argument(1), (_MASK, 0, 0, _TYPE_BITS), (_EQUAL, 1, 0, _STREAM), (_ANSWER, 0, 0, _ERRNO | errno.EPERM)]
        rules += [*masked, *_one_of(2, (0, _TCP), errno.EPROTONOSUPPORT)]
    return rules
