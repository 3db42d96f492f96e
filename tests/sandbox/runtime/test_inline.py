"""What only the inline runtime has to do: share an interpreter without leaving a trace in it."""

from __future__ import annotations

import builtins
import datetime
import logging
import os
import sys
import time

import pytest

from sandbox.runtime.environment import Event
from sandbox.runtime.inline import outside
from sandbox.runtime.inline_state import InterpreterState


def interpreter():
    return {
        "modules": set(sys.modules),
        "path": sys.path[:],
        "environ": dict(os.environ),
        "cwd": os.getcwd(),
        "streams": (sys.stdout, sys.stderr),
        "handlers": logging.getLogger().handlers[:],
        "level": logging.getLogger().level,
        "functions": (builtins.open, os.stat, time.sleep, time.time, os._exit, datetime.datetime, logging.Formatter.converter),
    }


@pytest.mark.parametrize(
    "body", ["return 1", "raise ValueError", "import sys; sys.exit(1)", "import time; time.sleep(99)", "import os; os.environ.clear()"]
)
def test_a_function_leaves_no_trace_in_the_interpreter(inline_lab, body):
    inline_lab.function("def handler(event, context):\n    return 1\n").call()  # what the standard library loads once
    before = interpreter()
    function = inline_lab.function({"app.py": f"import helper, logging\ndef handler(event, context):\n    {body}\n", "helper.py": ""})
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
    code = "import time\nfrom datetime import datetime, timezone\ndef handler(event, context):\n    a = time.time(), time.monotonic(), datetime.now(timezone.utc).timestamp()\n"
    code += "    left = context.get_remaining_time_in_millis()\n    time.sleep(600)\n"
    code += "    b = time.time(), time.monotonic(), datetime.now(timezone.utc).timestamp()\n"
    code += "    return [round(y - x) for x, y in zip(a, b)] + [round((left - context.get_remaining_time_in_millis()) / 1000)]\n"
    start, real = inline_lab.clock.now(), time.perf_counter()
    report = inline_lab.function(code, timeout_s=900).call()
    assert report.payload == b"[600, 600, 600, 600]"
    assert 600_000 <= report.duration_ms < 601_000
    assert inline_lab.clock.now() == start + 600
    assert time.perf_counter() - real < 5


def test_a_timeout_comes_at_the_deadline_of_the_virtual_clock(inline_lab):
    start = inline_lab.clock.now()
    report = inline_lab.function("import time\ndef handler(event, context):\n    time.sleep(99)\n", timeout_s=7).call()
    assert report.kind == "timeout"
    assert 6.9 < inline_lab.clock.now() - start <= 7


def test_a_function_that_catches_everything_is_timed_out_all_the_same(inline_lab):
    code = "import time\ndef handler(event, context):\n    while True:\n        try:\n            time.sleep(1)\n        except BaseException:\n            return 'escaped'\n"
    assert inline_lab.function(code).call().kind == "timeout"


def test_a_loop_that_waits_for_the_clock_ends(inline_lab):
    code = "import time\ndef handler(event, context):\n    end = time.time() + 0.05\n    while time.time() < end: pass\n    return 1\n"
    assert inline_lab.function(code).answer() == 1


def test_log_records_carry_the_accounts_time(inline_lab):
    code = "import logging, time\nlogging.getLogger().setLevel('INFO')\ndef handler(event, context):\n    time.sleep(1)\n    logging.info('x')\n"
    (record,) = inline_lab.function(code).call().logs
    assert 1_800_000_001 <= record.at < 1_800_000_002
    assert record.text.startswith("[INFO]\t2027-01-15T08:00:01.")


def test_a_datetime_of_a_function_is_an_ordinary_one(inline_lab):
    code = "import datetime, pickle\nfrom datetime import datetime as D\ndef handler(event, context):\n"
    code += "    made = [D.now(), D.utcnow(), D.today(), D(2020, 1, 2), D.fromtimestamp(0), D.strptime('2020', '%Y')]\n"
    code += "    return [isinstance(each, D) and isinstance(each, datetime.date) and type(each).__name__ == 'datetime' for each in made]\n"
    assert inline_lab.function(code).answer() == [True] * 6


def test_a_busy_loop_is_ended_where_the_processor_is_watched(inline_lab):
    inline_lab.runtime.watch_cpu = True
    before = sys.gettrace()
    report = inline_lab.function("def handler(event, context):\n    while True:\n        pass\n").call(timeout_s=0.2)
    assert report.kind == "timeout"
    assert sys.gettrace() is before


def test_a_function_may_have_the_account_call_another(inline_lab, monkeypatch):
    inner = inline_lab.function({"app.py": "import part, os\ndef handler(event, context):\n    print('inner')\n    return part.NAME + os.environ['WHO']\n", "part.py": "NAME = 'b'"}, variables={"WHO": "2"})
    answers = []

    def call_inner():
        with outside():
            assert "part" not in sys.modules
            assert os.environ.get("WHO") is None
            answers.append(inner.call())
        return answers[0].payload.decode()

    monkeypatch.setattr(builtins, "call_inner", call_inner, raising=False)
    code = "import part, os\ndef handler(event, context):\n    print('outer')\n    got = call_inner()\n    print('outer again')\n    return [got, part.NAME + os.environ['WHO']]\n"
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
    code = "import os\ndef handler(event, context):\n    try:\n        os.fork()\n    except OSError as error:\n        return error.errno\n"
    assert inline_lab.function(code).answer() == 38


def test_a_custom_end_of_the_world_is_an_exit_with_its_traceback(inline_lab):
    report = inline_lab.function("class End(BaseException): pass\ndef handler(event, context):\n    raise End('all')\n").call()
    assert (report.kind, report.exit_status) == ("exit", "exit status 1")
    assert report.logs[-1].text.endswith("End: all")


def test_boto3s_default_session_belongs_to_one_environment(inline_lab):
    import boto3

    boto3.DEFAULT_SESSION = mine = object()
    try:
        code = "import boto3\ndef handler(event, context):\n    before = boto3.DEFAULT_SESSION is None\n    boto3.setup_default_session(region_name='eu-west-1')\n    return before\n"
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
