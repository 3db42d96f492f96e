"""What only the inline runtime has to do: share an interpreter without leaving a trace in it."""

from __future__ import annotations

import builtins
import datetime as dt
import errno
import logging
import os
import sys
import time
from pathlib import Path

import pytest

from sandbox.runtime.environment import Event
from sandbox.runtime.inline import outside
from sandbox.runtime.inline_state import InterpreterState


def interpreter():
    return {
        "modules": set(sys.modules),
        "path": sys.path[:],
        "environ": dict(os.environ),
        "cwd": Path.cwd(),
        "streams": (sys.stdout, sys.stderr),
        "handlers": logging.getLogger().handlers[:],
        "level": logging.getLogger().level,
        "time": {name: getattr(time, name) for name in ("sleep", "time", "monotonic", "perf_counter")},
        "functions": (builtins.open, os.stat, os._exit, dt.datetime, logging.Formatter.converter),
    }


@pytest.mark.parametrize(
    "body",
    ["return 1", "raise ValueError", "import sys; sys.exit(1)", "import time; time.sleep(99)", "import os; os.environ.clear()"],
)
def test_a_function_leaves_no_trace_in_the_interpreter(inline_lab, body):
    inline_lab.function("def handler(event, context):\n    return 1\n").call()  # what the standard library loads once
    before = interpreter()
    function = inline_lab.function(
        {"app.py": f"import helper, logging\ndef handler(event, context):\n    {body}\n", "helper.py": ""}
    )
    function.call()
    assert interpreter() == before


def test_a_function_that_breaks_the_machinery_does_not_break_the_host(inline_lab, monkeypatch):
    before = interpreter()

    def broken(self, undo):
        raise RuntimeError("no time")

    monkeypatch.setattr(InterpreterState, "_set_time", broken)
    with pytest.raises(RuntimeError, match="no time"):
        inline_lab.function("def handler(event, context):\n    return 1\n")
    assert interpreter() == before


def test_sleep_moves_the_accounts_clock_and_takes_no_time(inline_lab):
    code = """
import time
from pathlib import Path
from datetime import datetime, timezone
def handler(event, context):
    a = time.time(), time.monotonic(), datetime.now(timezone.utc).timestamp()
"""
    code += "    left = context.get_remaining_time_in_millis()\n    time.sleep(600)\n"
    code += "    b = time.time(), time.monotonic(), datetime.now(timezone.utc).timestamp()\n"
    code += "    return [round(y - x) for x, y in zip(a, b)] + [round((left - context.get_remaining_time_in_millis()) / 1000)]\n"
    start, real = inline_lab.clock.now(), time.perf_counter()
    report = inline_lab.function(code, timeout_s=900).call()
    assert report.payload == b"[600, 600, 600, 600]"
    assert 600_000 <= report.duration_ms < 601_000
    assert inline_lab.clock.now() == start + 600
    assert time.perf_counter() - real < 5


def test_what_only_runs_forward_does_so_from_one_invocation_to_the_next(inline_lab):
    """A value kept "until monotonic() is past …" is as old in the page as it is anywhere."""
    code = "import time\ntold = [time.monotonic(), time.perf_counter()]\n"
    code += "def handler(event, context):\n    global told\n    before, told = told, [time.monotonic(), time.perf_counter()]\n"
    code += "    return [now >= then for now, then in zip(told, before)]\n"
    function = inline_lab.function(code)
    assert {function.call().payload for _ in range(5)} == {b"[true, true]"}


def test_a_timeout_comes_at_the_deadline_of_the_virtual_clock(inline_lab):
    start = inline_lab.clock.now()
    report = inline_lab.function("import time\ndef handler(event, context):\n    time.sleep(99)\n", timeout_s=7).call()
    assert report.kind == "timeout"
    assert 6.9 < inline_lab.clock.now() - start <= 7


def test_a_function_that_catches_everything_is_timed_out_all_the_same(inline_lab):
    code = """
import time
from pathlib import Path
def handler(event, context):
    while True:
        try:
            time.sleep(1)
        except BaseException:
            return 'escaped'
"""
    assert inline_lab.function(code).call().kind == "timeout"


def test_a_loop_that_waits_for_the_clock_ends(inline_lab):
    code = """
import time
from pathlib import Path
def handler(event, context):
    end = time.time() + 0.05
    while time.time() < end: pass
    return 1
"""
    assert inline_lab.function(code).answer() == 1


def test_log_records_carry_the_accounts_time(inline_lab):
    code = """
import logging, time
logging.getLogger().setLevel('INFO')
def handler(event, context):
    time.sleep(1)
    logging.info('x')
"""
    (record,) = inline_lab.function(code).call().logs
    assert 1_800_000_001 <= record.at < 1_800_000_002
    assert record.text.startswith("[INFO]\t2027-01-15T08:00:01.")


def test_a_datetime_of_a_function_is_an_ordinary_one(inline_lab):
    code = "import datetime, pickle\nfrom datetime import datetime as D\ndef handler(event, context):\n"
    code += "    made = [D.now(), D.utcnow(), D.today(), D(2020, 1, 2), D.fromtimestamp(0), D.strptime('2020', '%Y')]\n"
    code += """
    return [isinstance(each, D) and isinstance(each, datetime.date) and type(each).__name__ == 'datetime' for each in made]
"""
    assert inline_lab.function(code).answer() == [True] * 6


def test_a_busy_loop_is_ended_where_the_processor_is_watched(inline_lab):
    inline_lab.runtime.watch_cpu = True
    before = sys.gettrace()
    report = inline_lab.function("def handler(event, context):\n    while True:\n        pass\n").call(timeout_s=0.2)
    assert report.kind == "timeout"
    assert sys.gettrace() is before


def test_a_function_may_have_the_account_call_another(inline_lab, monkeypatch):
    inner = inline_lab.function(
        {
            "app.py": """
import part, os
def handler(event, context):
    print('inner')
    return part.NAME + os.environ['WHO']
""",
            "part.py": "NAME = 'b'",
        },
        variables={"WHO": "2"},
    )
    answers = []

    def call_inner():
        with outside():
            assert "part" not in sys.modules
            assert os.environ.get("WHO") is None
            answers.append(inner.call())
        return answers[0].payload.decode()

    monkeypatch.setattr(builtins, "call_inner", call_inner, raising=False)
    code = """
import part, os
def handler(event, context):
    print('outer')
    got = call_inner()
    print('outer again')
    return [got, part.NAME + os.environ['WHO']]
"""
    outer = inline_lab.function({"app.py": code, "part.py": "NAME = 'a'"}, variables={"WHO": "1"})
    report = outer.call()
    assert report.payload == b'["\\"b2\\"", "a1"]'
    assert [record.text for record in report.logs] == ["outer", "outer again"]
    assert [record.text for record in answers[0].logs] == ["inner"]


def test_the_time_of_a_called_function_counts_for_its_caller(inline_lab, monkeypatch):
    inner = inline_lab.function("import time\ndef handler(event, context):\n    time.sleep(5)\n", timeout_s=9)

    def call_inner():
        with outside():
            inner.environment.invoke(Event("r2", b"1", "arn", 0, 9), lambda report: None)

    monkeypatch.setattr(builtins, "call_inner", call_inner, raising=False)
    report = inline_lab.function("def handler(event, context):\n    call_inner()\n    return 'late'\n", timeout_s=3).call()
    assert report.kind == "timeout"


def test_processes_cannot_be_made(inline_lab):
    code = """
import os
def handler(event, context):
    try:
        os.fork()
    except OSError as error:
        return error.errno
"""
    assert inline_lab.function(code).answer() == errno.ENOSYS


def test_a_custom_end_of_the_world_is_an_exit_with_its_traceback(inline_lab):
    report = inline_lab.function("class End(BaseException): pass\ndef handler(event, context):\n    raise End('all')\n").call()
    assert (report.kind, report.exit_status) == ("exit", "exit status 1")
    assert report.logs[-1].text.endswith("End: all")


def test_boto3s_default_session_belongs_to_one_environment(inline_lab):
    import boto3

    boto3.DEFAULT_SESSION = mine = object()
    try:
        code = """
import boto3
def handler(event, context):
    before = boto3.DEFAULT_SESSION is None
    boto3.setup_default_session(region_name='eu-west-1')
    return before
"""
        function = inline_lab.function(code)
        assert [function.answer(), function.answer()] == [True, False]
        assert boto3.DEFAULT_SESSION is mine
    finally:
        boto3.DEFAULT_SESSION = None


def test_stopping_removes_tmp(inline_lab):
    function = inline_lab.function("def handler(event, context):\n    open('/tmp/x', 'w').close()\n    return 1\n")
    function.answer()
    scratch = function.environment._scratch
    assert (scratch / "tmp" / "x").exists()
    function.environment.stop()
    function.environment.stop()
    assert not scratch.exists()
