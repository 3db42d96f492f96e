from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sandbox.errors import InternalError
from sandbox.runtime.environment import Event
from sandbox.runtime.process_exit import exit_text

Laboratory = sys.modules["runtime_laboratory"].Laboratory  # loaded by conftest.py
ONE = "def handler(event, context):\n    return 1\n"


def test_log_records_carry_the_accounts_time_when_it_is_virtual(tmp_path):
    laboratory = Laboratory("process", tmp_path, virtual=True)
    try:
        function = laboratory.function("print('init')\ndef handler(event, context):\n    print('x')\n")
        laboratory.clock.move_to(laboratory.clock.now() + 3600)
        (record,) = function.call().logs
        assert abs(record.at - laboratory.clock.now()) < 5
        assert abs(function.init.logs[0].at - 1_800_000_000) < 5
    finally:
        laboratory.close()


def test_functions_that_wait_at_once_take_the_accounts_time_once(tmp_path):
    """Two are under way when each is told that what it waits for will not come for twenty seconds."""
    laboratory = Laboratory("process", tmp_path, virtual=True)
    try:
        hangs = "import time\ndef handler(event, context):\n    time.sleep(60)\n"
        for key in ("ONE", "TWO"):
            function = laboratory.function(hangs, timeout_s=30, variables={"AWS_ACCESS_KEY_ID": key})
            function.environment.invoke(Event("request", b"{}", function.spec.function_arn, 0, 30), lambda _report: None)
        began = laboratory.clock.now()
        assert all(laboratory.runtime.spend(key, 20) for key in ("ONE", "TWO"))
        assert 20 <= laboratory.clock.now() - began < 21
        assert not laboratory.runtime.spend("NOBODY", 20)
    finally:
        laboratory.close()


def test_environments_that_come_and_go_leave_no_descriptor_open(process_lab):
    process_lab.function(ONE).environment.stop()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        function = process_lab.function(ONE)
        function.answer()
        function.environment.stop()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    process_lab.until(lambda: not any(each.spec is function.spec for each in process_lab.runtime._environments.values()))


def test_a_function_holds_only_its_own_descriptors(process_lab):
    others = [process_lab.function(ONE) for _ in range(3)]
    code = "import os\ndef handler(event, context):\n    return sorted(map(int, os.listdir('/proc/self/fd')))\n"
    descriptors = process_lab.function(code).answer()
    assert len(descriptors) <= 3 + 3 + 1, "standard streams, event, control, log, and the listing itself"
    assert [other.answer() for other in others] == [1, 1, 1]


def test_many_environments_work_at_once(process_lab):
    code = "import time\ndef handler(event, context):\n    time.sleep(0.1)\n    return event\n"
    functions = [process_lab.function(code) for _ in range(8)]
    reports: dict[int, bytes] = {}
    for number, function in enumerate(functions):
        event = Event(f"r{number}", str(number).encode(), "arn", 0, 3)
        function.environment.invoke(event, lambda report, number=number: reports.__setitem__(number, report.payload))
    process_lab.until(lambda: len(reports) == 8)
    assert reports == {number: str(number).encode() for number in range(8)}


def test_a_busy_environment_takes_no_second_request(process_lab):
    function = process_lab.function("import time\ndef handler(event, context):\n    time.sleep(9)\n")
    function.environment.invoke(Event("r", b"1", "arn", 0, 9), lambda report: None)
    with pytest.raises(InternalError, match="is busy"):
        function.environment.invoke(Event("r", b"1", "arn", 0, 9), lambda report: None)
    function.environment.stop()


def test_a_cold_start_is_fast_once_the_fork_server_runs(process_lab):
    process_lab.function(ONE)
    boto3 = "import boto3\nclient = boto3.client('s3')\ndef handler(event, context):\n    return 1\n"
    process_lab.function(boto3)
    plain = min(process_lab.function(ONE).init.duration_ms for _ in range(5))
    with_boto3 = min(process_lab.function(boto3).init.duration_ms for _ in range(3))
    assert plain < 40
    assert with_boto3 < 200, "generous: shared machines; measured 40 ms"


def test_a_prepared_runtime_has_its_fork_server_running(process_lab):
    directory = process_lab.directory({"app.py": ONE})
    process_lab.runtime.prepare(directory)
    assert process_lab.function(ONE).answer() == 1


@pytest.mark.parametrize(
    ("status", "text"),
    [(0, ""), (1 << 8, "exit status 1"), (9, "signal: killed"), (15, "signal: terminated"), (64, "signal: 64")],
)
def test_ends_are_worded_as_aws_does(status, text):
    assert exit_text(status) == text


def test_a_closed_runtime_refuses(tmp_path):
    laboratory = Laboratory("process", tmp_path)
    laboratory.function(ONE)
    laboratory.close()
    laboratory.runtime.close()
    with pytest.raises(InternalError, match="closed"):
        laboratory.runtime.start(laboratory.spec(ONE), print)
    assert os.listdir(tmp_path) == ["store"]  # noqa: PTH208 - nothing else
