"""Against the machine: time, memory, processes, output. Each ends the attacker's environment at most, and nothing outlives it."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from time import monotonic

import pytest

WITHIN_S = 15.0


def descendants(process: int) -> set[int]:
    found: set[int] = set()
    pending = [process]
    while pending:
        parent = pending.pop()
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                children = {int(each) for each in task.read_text().split()}
            except OSError:
                continue
            found |= children
            pending += children
    return found


def commands() -> set[str]:
    """What runs below this process, by its command line."""
    found = set()
    for process in descendants(os.getpid()):
        try:
            found.add(Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return found


def until(condition):
    end = monotonic() + WITHIN_S
    while not condition():
        assert monotonic() < end, "it did not come to that"


def test_a_busy_loop_ends_at_the_graders_time_whatever_its_timeout_says(boxed):
    began = monotonic()
    answer = boxed.run("while True: pass", on="looper")
    assert "timed out" in answer["errorMessage"]
    assert monotonic() - began < WITHIN_S
    assert boxed.still_serves()


def test_a_handler_that_ignores_every_signal_ends_as_well(boxed):
    code = """
    for number in range(1, 65):
        said(lambda: signal.signal(number, signal.SIG_IGN))
    while True:
        try:
            while True: pass
        except BaseException:
            pass
    """
    assert "timed out" in boxed.run(code, on="looper")["errorMessage"]


def test_the_limits_cannot_be_raised(boxed):
    code = """
    import resource
    which = event["which"]
    result = [[resource.getrlimit(each), said(lambda: resource.setrlimit(each, (-1, -1)))] for each in which]
    """
    which = [resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_AS]
    for (soft, hard), said in boxed.run(code, which=which):
        assert -1 not in (soft, hard)
        assert said == "ValueError", "not allowed to raise maximum limit"


def test_a_fork_bomb_stays_in_its_environment(boxed):
    code = """
    made = 0
    try:
        while True:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            made += 1
    except OSError as error:
        result = [made, errno.errorcode[error.errno]]
    """
    answer = boxed.run(code, on="forker")
    if isinstance(answer, list):
        made, said = answer
        assert made <= 64
        assert said == "EAGAIN"
    else:
        assert answer["errorType"].startswith("Runtime.")
    assert boxed.still_serves()
    boxed.end("forker")


def test_a_bomb_that_forks_from_its_children_ends(boxed):
    answer = boxed.run("while True:\n    try: os.fork()\n    except OSError: pass", on="bomber")
    assert "errorType" in answer
    assert boxed.still_serves()


def test_memory_beyond_the_functions_own_is_taken_from_nobody(boxed):
    for code in ("result = len(bytearray(1 << 34))", "x = []\nwhile True: x.append(bytearray(1 << 24))"):
        assert "errorType" in boxed.run(code, on="eater")
    assert boxed.still_serves()


def test_memory_taken_after_the_answer_ends_the_environment(boxed):
    """On AWS an environment is frozen between invocations; here it is watched."""
    code = """
    result = TOKEN
    if event["eat"] and os.fork() == 0:
        held = b"x" * 300_000_000
        time.sleep(60)
    """
    first = boxed.run(code, on="sleeper", eat=True)
    until(lambda: boxed.run(code, on="sleeper", eat=False) != first)


def test_endless_output_is_cut_and_stops_nobody(boxed):
    code = """
    def flood():
        while True:
            os.write(1, b"x" * 65536)
    for _ in range(2):
        threading.Thread(target=flood, daemon=True).start()
    print("y" * 50_000_000)
    result = 1
    """
    boxed.run(code, on="flooder")
    assert boxed.still_serves()
    boxed.end("flooder")


@pytest.mark.parametrize("leave", ["os.setsid()", "os.setsid(); os.fork() and os._exit(0)"])
def test_a_daemon_does_not_outlive_its_function(boxed, leave):
    mark = f"daemon-{boxed.backend}-{len(leave)}"
    code = f"""
    if os.fork() == 0:
        {leave}
        os.execv("/bin/sh", ["/bin/sh", "-c", "sleep 600; : " + event["mark"]])
    result = 1
    """
    boxed.run(code, on="daemon", mark=mark)
    until(lambda: any(mark in command for command in commands()))
    boxed.end("daemon")
    until(lambda: not any(mark in command for command in commands()))


def test_processes_outside_cannot_be_seen_or_signalled(boxed):
    code = """
    outside = event["outside"]
    result = {
        "signals": [said(lambda p=p: os.kill(p, 0)) for p in outside],
        "command lines": [said(lambda p=p: open(f"/proc/{p}/cmdline").read()) for p in outside],
        "memory": [said(lambda p=p: open(f"/proc/{p}/mem", "rb").read(1)) for p in outside],
        "descriptors": [said(lambda p=p: os.listdir(f"/proc/{p}/fd")) for p in outside],
        "all": said(lambda: os.kill(-1, 0) if event["namespaces"] else None),
    }
    """
    found = boxed.run(code, outside=[os.getpid(), os.getppid()], namespaces=boxed.namespaces)
    assert "" not in [*found["signals"], *found["command lines"], *found["memory"], *found["descriptors"]]


def test_another_function_of_the_account_cannot_be_traced_or_signalled(boxed):
    """It may run as the same user; only without namespaces does the attacker know its number."""
    sibling = boxed.run("result = os.getpid()", on="bystander")
    code = """
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    trace = libc.ptrace(16, event["pid"], 0, 0)
    result = [trace, said(lambda: os.kill(event["pid"], 0)) if event["foreign"] else "ESRCH",
              said(lambda: open(f"/proc/{event['pid']}/mem", "r+b")) if event["foreign"] else "ENOENT"]
    """
    trace, signalled, memory = boxed.run(code, pid=sibling, foreign=not boxed.namespaces)
    assert trace == -1
    assert "" not in (signalled, memory)
    assert boxed.still_serves()


def test_the_process_above_a_function_cannot_be_traced_or_killed(boxed):
    """In namespaces it is process 1, out of the account's own code, and holds the line to the account."""
    code = """
    parent = os.getppid() or 1
    result = [said(lambda: open(f"/proc/{parent}/environ").read()), said(lambda: os.listdir(f"/proc/{parent}/fd")),
              said(lambda: open(f"/proc/{parent}/mem", "rb").read(1))]
    said(lambda: os.kill(1, signal.SIGKILL) if event["namespaces"] else os.kill(parent, signal.SIGKILL))
    """
    assert "" not in boxed.run(code, namespaces=boxed.namespaces)
    assert boxed.run("result = 1") == 1


def test_no_new_namespace_no_mount_no_trace(boxed):
    code = """
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    intel = os.uname().machine == "x86_64"
    clone, bpf = (56, 321) if intel else (220, 280)
    result = [libc.unshare(0x10000000), libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), libc.ptrace(0, 0, 0, 0),
              libc.syscall(clone, 0x10000011, 0, 0, 0, 0), libc.syscall(bpf, 0, 0, 0)]
    """
    assert set(boxed.run(code)) == {-1}


def test_a_function_holds_no_privilege(boxed):
    code = """
    text = open("/proc/self/status").read() if event["namespaces"] else "CapEff:\\t0\\nNoNewPrivs:\\t1\\n"
    rows = dict(row.split(":\\t", 1) for row in text.splitlines() if ":\\t" in row)
    result = [int(rows["CapEff"], 16), rows["NoNewPrivs"], said(lambda: os.setuid(0) if event["namespaces"] else os.chroot("/"))]
    """
    capabilities, none_comes_back, said = boxed.run(code, namespaces=boxed.namespaces)
    assert (capabilities, none_comes_back) == (0, "1")
    assert said == "EPERM"


def test_nothing_of_one_submission_is_left_for_the_next(boxed):
    """A judge keeps an account, and its fork server, from one submission to the other."""
    mark = f"left-behind-{boxed.backend}"
    code = """
    open("/tmp/left", "w").write("for the next one")
    said(lambda: [holder := socket.socket(socket.AF_UNIX), holder.bind(chr(0) + event["mark"]), holder.listen()])
    if os.fork() == 0:
        os.setsid()
        os.execv("/bin/sh", ["/bin/sh", "-c", "sleep 600; : " + event["mark"]])
    """
    boxed.run(code, mark=mark)
    until(lambda: any(mark in command for command in commands()))
    boxed.next_submission()
    until(lambda: not any(mark in command for command in commands()))
    code = "result = [os.listdir('/tmp'), said(lambda: connect(socket.AF_UNIX, chr(0) + event['mark']))]"
    files, said = boxed.run(code, mark=mark)
    assert files == []
    assert said != ""
