"""Functions that misbehave: each ends as AWS would end it, and the runtime goes on."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from sandbox.runtime.environment import Event
from sandbox.runtime.process_watchdog import children_of


def texts(report):
    return [record.text for record in report.logs]


def error(report):
    assert report.kind == "error"
    return json.loads(report.payload)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_fifty_megabytes_of_print_are_bounded_and_marked(process_lab):
    code = "def handler(event, context):\n    for _ in range(50):\n        print('x' * 1_000_000)\n    return 1\n"
    function = process_lab.function(code, timeout_s=20)
    report = function.call()
    assert report.payload == b"1"
    assert sum(map(len, texts(report))) < 5_000_000
    assert "is dropped" in texts(report)[-1]
    assert len(texts(function.call())) > 1, "the next invocation has a whole allowance"


def test_a_flood_of_plain_output_is_bounded_too(process_lab):
    code = """
import os
def handler(event, context):
    for _ in range(200):
        os.write(1, b'y' * 99_999 + b'\\n')
    return 1
"""
    report = process_lab.function(code, timeout_s=20).call()
    assert report.payload == b"1"
    assert sum(map(len, texts(report))) < 5_000_000


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("(x for x in 'ab')", "Unable to marshal response: Object of type generator is not JSON serializable"),
        ("{1, 2}", "Unable to marshal response: Object of type set is not JSON serializable"),
        ("circular", "Unable to marshal response: Circular reference detected"),
        ("{(1, 2): 3}", "Unable to marshal response: keys must be str, int, float, bool or None, not tuple"),
    ],
)
def test_what_json_cannot_hold_is_a_marshal_error(any_lab, value, message):
    code = f"circular = []\ncircular.append(circular)\ndef handler(event, context):\n    return {value}\n"
    document = error(any_lab.function(code).call())
    assert (document["errorType"], document["errorMessage"]) == ("Runtime.MarshalError", message)


def test_nan_is_sent_as_it_is(any_lab):
    assert any_lab.function("def handler(event, context):\n    return float('nan')\n").call().payload == b"NaN"


def test_a_function_that_closes_its_standard_output_goes_on(process_lab):
    code = "import os\ndef handler(event, context):\n    print('a')\n    os.close(1)\n    print('b')\n    return 1\n"
    function = process_lab.function(code)
    report = function.call()
    assert (report.payload, texts(report)) == (b"1", ["a", "b"])


def test_a_daemon_of_the_function_dies_with_its_environment(process_lab):
    code = """
import os, time
def handler(event, context):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for descriptor in (1, 2):
                os.close(descriptor)
            time.sleep(60)
        os._exit(0)
    os.wait()
    return 1
"""
    function = process_lab.function(code)
    keeper = function.environment.keeper_pid
    assert function.answer() == 1
    below = list(children_of(keeper))
    assert len(below) >= 2, "the function and its daemon"
    function.environment.stop()
    process_lab.until(lambda: not any(map(is_alive, below)))


def test_a_stopped_environment_reports_its_running_invocation(process_lab):
    function = process_lab.function("import time\ndef handler(event, context):\n    time.sleep(30)\n")
    reports = []
    function.environment.invoke(Event("r", b"1", "arn", 0, 30), reports.append)
    function.environment.stop()
    function.environment.stop()
    assert (reports[0].kind, reports[0].exit_status, len(reports)) == ("exit", "signal: killed", 1)


def test_a_busy_loop_is_killed_at_its_deadline(process_lab):
    function = process_lab.function("def handler(event, context):\n    print('start')\n    while True: pass\n", timeout_s=1)
    began = time.perf_counter()
    report = function.call()
    assert (report.kind, texts(report)) == ("timeout", ["start"])
    assert 0.95 < time.perf_counter() - began < 1.3


def test_endless_recursion_is_an_ordinary_error(any_lab):
    function = any_lab.function(
        "def down(n):\n    return down(n + 1)\ndef handler(event, context):\n    return down(0) if event else 'alive'\n"
    )
    document = error(function.call(1))
    assert document["errorType"] == "RecursionError"
    assert len(json.dumps(document)) < 20_000
    assert function.answer() == "alive"


def test_more_memory_than_configured_is_killed(process_lab):
    code = """
import time
def handler(event, context):
    print('grow')
    x = bytearray(300_000_000)
    for i in range(0, len(x), 4096): x[i] = 1
    return len(x)
"""
    report = process_lab.function(code, memory_mb=128, timeout_s=10).call()
    assert (report.kind, report.exit_status, report.alive) == ("out_of_memory", "signal: killed", False)
    assert report.max_memory_mb == 128
    assert texts(report) == ["grow"]


def test_an_allocation_far_beyond_a_large_functions_memory_is_refused_before_it_is_filled(process_lab):
    code = "def handler(event, context):\n    return len(bytearray(event))\n"
    function = process_lab.function(code, memory_mb=1769, timeout_s=10)
    assert error(function.call(4_000_000_000))["errorType"] == "MemoryError"
    assert function.answer(1_000_000) == 1_000_000


def test_memory_of_subprocesses_counts(process_lab):
    code = """
import subprocess, sys
def handler(event, context):
    subprocess.run([sys.executable, '-c', 'import time; x = b"x" * 300_000_000; time.sleep(9)'])
"""
    report = process_lab.function(code, memory_mb=128, timeout_s=10).call()
    assert report.kind == "out_of_memory"


def test_memory_used_is_this_environments_own_peak(process_lab):
    function = process_lab.function(
        "def handler(event, context):\n    x = b'x' * (event * 1_000_000)\n    return 1\n", memory_mb=512
    )
    before = function.call(0).max_memory_mb
    assert before < 60
    assert function.call(150).max_memory_mb >= before + 130
    assert process_lab.function("def handler(event, context):\n    return 1\n").call().max_memory_mb < 60


def test_a_full_tmp_is_no_space_left(process_lab):
    code = """
def handler(event, context):
    try:
        with open('/tmp/big', 'wb', buffering=0) as file:
            for _ in range(600):
                if file.write(bytes(1_000_000)) < 1_000_000:
                    file.write(b'x')
    except OSError as error:
        return error.errno
"""
    function = process_lab.function(code, timeout_s=30)
    no_space, file_too_large = 28, 27  # the second where /tmp is an ordinary directory
    assert function.answer() == (no_space if process_lab.runtime.isolation == "namespaces" else file_too_large)


def test_output_that_is_no_utf8_is_kept_readable(process_lab):
    code = """
import os, sys
def handler(event, context):
    os.write(1, b'\\xff\\xfe!\\n')
    sys.stdout.buffer.write(b'\\xc3(\\n')
"""
    assert sorted(texts(process_lab.function(code).call())) == ["�(", "��!"]


def test_output_of_subprocesses_is_caught_and_belongs_to_the_invocation(process_lab):
    code = """
import subprocess
def handler(event, context):
    subprocess.run(['/bin/sh', '-c', 'echo out; echo err >&2; printf open'], check=True)
    return 1
"""
    function = process_lab.function(code)
    assert texts(function.call()) == ["out", "err", "open"]
    assert texts(function.call()) == ["out", "err", "open"]


def test_a_child_killed_in_the_middle_of_an_invocation_is_an_exit(process_lab):
    function = process_lab.function(
        "import os, signal\ndef handler(event, context):\n    print('now')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    report = function.call()
    assert (report.kind, report.exit_status, texts(report)) == ("exit", "signal: killed", ["now"])


def test_a_crash_in_c_is_told_by_its_signal(process_lab):
    function = process_lab.function("import ctypes\ndef handler(event, context):\n    ctypes.string_at(0)\n")
    assert function.call().exit_status == "signal: segmentation fault"


def test_a_thread_that_ends_the_process_between_invocations_is_noticed(process_lab):
    code = """
import os, threading
def handler(event, context):
    threading.Timer(0.05, lambda: os._exit(1)).start()
    return 1
"""
    function = process_lab.function(code)
    assert function.answer() == 1
    process_lab.until(lambda: not function.environment.alive)
    assert function.call().kind == "exit"


def test_an_init_that_takes_too_long_is_a_timeout_of_init(process_lab):
    function = process_lab.function("import time\nprint('slow')\ntime.sleep(30)\n", init_timeout_s=0.3)
    assert (function.init.kind, texts(function.init)) == ("timeout", ["slow"])
    assert 300 <= function.init.duration_ms < 600


def test_an_init_that_takes_too_much_memory_is_told_so(process_lab):
    function = process_lab.function("x = b'x' * 300_000_000\nimport time; time.sleep(5)\n")
    assert function.init.kind == "out_of_memory"


def test_a_function_that_deletes_its_code_harms_only_itself(process_lab):
    code = """
import os
def handler(event, context):
    try:
        os.remove('/var/task/app.py')
    except OSError as error:
        return error.errno
"""
    function = process_lab.function(code)
    read_only, no_entry = 30, 2
    if process_lab.runtime.isolation == "namespaces":
        assert function.answer() == read_only
        assert process_lab.function(code).init.kind == "ok"
    else:
        assert function.answer() is None
        assert function.answer() == no_entry


def test_a_function_without_namespaces_is_told_apart_from_one_with(process_lab):
    process_lab.function("def handler(event, context):\n    return 1\n")
    assert process_lab.runtime.isolation in ("namespaces", "paths")
    if process_lab.kind == "paths":
        assert process_lab.runtime.isolation == "paths"


def test_hosts_files_and_processes_are_out_of_sight_in_a_private_root(process_lab):
    if process_lab.runtime.isolation != "namespaces":
        return
    code = """
import os
def handler(event, context):
    return [os.path.exists(event), sorted(p for p in os.listdir('/proc') if p.isdigit()), os.getuid() != 0]
"""
    exists, processes, unprivileged = process_lab.function(code).answer(__file__)
    assert not exists
    assert len(processes) <= 2
    assert unprivileged


def test_nothing_is_left_when_the_fork_server_is_killed(process_lab):
    function = process_lab.function("def handler(event, context):\n    while True: pass\n", timeout_s=30)
    reports = []
    keeper = function.environment.keeper_pid
    below = list(children_of(keeper))
    function.environment.invoke(Event("r", b"1", "arn", 0, 30), reports.append)
    os.kill(function.environment._zygote.pid, signal.SIGKILL)
    process_lab.until(lambda: reports)
    assert reports[0].kind == "exit"
    process_lab.until(lambda: not any(map(is_alive, [keeper, *below])))
    assert process_lab.function("def handler(event, context):\n    return 1\n").answer() == 1, "a new one is started"
