"""What holds for a function on every runtime: child processes (both isolations) and inline."""

from __future__ import annotations

import json

import pytest


def texts(report):
    return [record.text for record in report.logs]


def test_a_handler_gets_its_event_and_returns_json(any_lab):
    function = any_lab.function("def handler(event, context):\n    return {'got': event, 'ü': '€'}\n")
    assert function.init.kind == "ok"
    report = function.call({"a": [1, None]})
    assert report.kind == "ok"
    assert report.payload.decode() == '{"got": {"a": [1, null]}, "ü": "€"}'
    assert report.alive
    assert 0 < report.duration_ms < 3000


def test_module_state_survives_warm_invocations_and_a_raised_exception(any_lab):
    code = "n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    if event: raise ValueError('x')\n    return n\n"
    function = any_lab.function(code)
    assert function.answer() == 1
    assert function.call(1).kind == "error"
    assert function.answer() == 3


def test_two_environments_share_nothing(any_lab):
    code = """
import os
state = []
def handler(event, context):
    state.append(event)
    os.environ['X'] = event
    return state
"""
    first, second = any_lab.function(code), any_lab.function(code)
    first.answer("a")
    assert second.answer("b") == ["b"]
    assert first.answer("c") == ["a", "c"]


def test_functions_with_modules_of_the_same_name_do_not_meet(any_lab):
    files = "import part\ndef handler(event, context):\n    import later\n    return part.NAME + later.NAME\n"
    one = any_lab.function({"app.py": files, "part.py": "NAME = 'a'", "later.py": "NAME = '1'"})
    two = any_lab.function({"app.py": files, "part/__init__.py": "NAME = 'b'", "later.py": "NAME = '2'"})
    assert [one.answer(), two.answer(), one.answer()] == ["a1", "b2", "a1"]


def test_the_context_is_complete(any_lab):
    code = """
def handler(event, context):
    return [context.aws_request_id, context.log_group_name, context.log_stream_name, context.function_name,
            context.memory_limit_in_mb, context.function_version, context.invoked_function_arn, context.tenant_id,
            context.client_context.custom, context.client_context.client.app_title, context.identity.cognito_identity_id,
            0 < context.get_remaining_time_in_millis() <= 3000]
"""
    client = '{"custom": {"k": "v"}, "client": {"app_title": "t"}, "env": {}}'
    answer = any_lab.function(code).answer(client_context=client, identity='{"cognitoIdentityId": "i"}', tenant_id="blue")
    assert answer == [
        "request-1",
        "/aws/lambda/probe",
        "2026/11/20/[$LATEST]0123",
        "probe",
        "128",
        "$LATEST",
        "arn:aws:lambda:us-east-1:123456789012:function:probe",
        "blue",
        {"k": "v"},
        "t",
        "i",
        True,
    ]


def test_prints_become_one_record_a_line_and_the_last_unfinished_line_is_not_lost(any_lab):
    code = "import sys\ndef handler(event, context):\n    print('one\\ntwo')\n    print()\n    print('err', file=sys.stderr)\n"
    code += "    sys.stdout.buffer.write(b'raw\\n')\n    sys.stdout.write('open end')\n"
    assert texts(any_lab.function(code).call()) == ["one", "two", "", "err", "raw", "open end"]


def test_output_of_init_belongs_to_init(any_lab):
    function = any_lab.function("print('loading')\ndef handler(event, context):\n    print('running')\n")
    assert texts(function.init) == ["loading"]
    assert texts(function.call()) == ["running"]


def test_a_deadline_kills_the_environment_and_keeps_the_output(any_lab):
    code = "import time\ndef handler(event, context):\n    print('before')\n    try:\n        time.sleep(9)\n"
    code += "    except Exception:\n        print('caught')\n"
    function = any_lab.function(code, timeout_s=1)
    report = function.call(timeout_s=0.2)
    assert (report.kind, report.alive, texts(report)) == ("timeout", False, ["before"])
    assert 200 <= report.duration_ms < 400


@pytest.mark.parametrize(
    ("statement", "status"),
    [("sys.exit(0)", ""), ("sys.exit(7)", "exit status 7"), ("os._exit(3)", "exit status 3"), ("os.abort()", "signal: aborted")],
)
def test_leaving_the_process_is_reported_as_aws_words_it(any_lab, statement, status):
    function = any_lab.function(f"import os, sys\ndef handler(event, context):\n    print('last words')\n    {statement}\n")
    report = function.call()
    assert (report.kind, report.exit_status, report.alive) == ("exit", status, False)
    assert texts(report) == ["last words"]


def test_leaving_during_init_is_an_exit_of_init(any_lab):
    function = any_lab.function("import sys\nsys.exit(5)\n")
    assert (function.init.kind, function.init.exit_status) == ("exit", "exit status 5")


def test_an_environment_that_has_ended_refuses_politely(any_lab):
    function = any_lab.function("import sys\ndef handler(event, context):\n    sys.exit(1)\n")
    function.call()
    again = function.call()
    assert (again.kind, again.alive) == ("exit", False)


def test_tmp_survives_warm_invocations_and_belongs_to_one_environment(any_lab):
    code = """
import os, pathlib, tempfile
def handler(event, context):
    with open('/tmp/seen.txt', 'a') as file:
        file.write('x')
    with tempfile.NamedTemporaryFile() as file:
        inside = file.name.startswith('/tmp/')
    return [pathlib.Path('/tmp/seen.txt').read_text(), sorted(os.listdir('/tmp')), inside]
"""
    function = any_lab.function(code)
    assert function.answer() == ["x", ["seen.txt"], True]
    assert function.answer() == ["xx", ["seen.txt"], True]
    assert any_lab.function(code).answer() == ["x", ["seen.txt"], True]


def test_the_package_is_at_var_task_and_is_the_working_directory(any_lab):
    code = """
import os
from pathlib import Path
def handler(event, context):
    return [__file__, os.getcwd(), Path('/var/task/data.txt').read_text(), Path('data.txt').read_text()]
"""
    answer = any_lab.function({"app.py": code, "data.txt": "d"}).answer()
    assert answer == ["/var/task/app.py", "/var/task", "d", "d"]


def test_directories_are_listed_under_the_names_the_function_knows(any_lab):
    code = """
import os, pathlib, shutil
def handler(event, context):
    os.makedirs('/tmp/a/b')
    pathlib.Path('/tmp/a/b/c').touch()
    seen = [str(path) for path in pathlib.Path('/tmp/a').iterdir()], [row[0] for row in os.walk('/tmp')]
    with os.scandir('/tmp/a') as entries:
        seen += ([(entry.name, entry.path, entry.is_dir()) for entry in entries],)
    shutil.rmtree('/tmp/a')
    return [*seen, os.path.exists('/tmp/a'), os.path.realpath('/tmp/x')]
"""
    answer = any_lab.function(code).answer()
    assert answer == [["/tmp/a/b"], ["/tmp", "/tmp/a", "/tmp/a/b"], [["b", "/tmp/a/b", True]], False, "/tmp/x"]


def test_layers_are_found_in_aws_order_and_later_layers_win(any_lab):
    """AWS docs, "Packaging layers": python/lib/python3.x/site-packages of the function's own runtime, and python/."""
    code = """
import importlib.util
import one, two, both
from pathlib import Path
def handler(event, context):
    return [one.X, two.X, both.X, Path('/opt/note').read_text(), importlib.util.find_spec('three') is None]
"""
    layers = [
        {"python/one.py": "X = 1", "python/both.py": "X = 'first'", "note": "n1"},
        {
            "python/lib/python3.13/site-packages/two.py": "X = 2",
            "python/lib/python3.9/site-packages/three.py": "X = 3",
            "python/both.py": "X = 'second'",
            "note": "n2",
        },
    ]
    assert any_lab.function(code, layers=layers, runtime="python3.13").answer() == [1, 2, "second", "n2", True]


def test_the_package_wins_over_layers(any_lab):
    code = {"app.py": "import lib\ndef handler(event, context):\n    return lib.X\n", "lib.py": "X = 'package'"}
    assert any_lab.function(code, layers=[{"python/lib.py": "X = 'layer'"}]).answer() == "package"


def test_a_function_sees_no_library_of_the_host(any_lab):
    code = "import importlib.util\nnames = ['moto', 'pytest', 'sandbox', 'boto3', 'botocore', 'urllib3', 'json']\n"
    code += "def handler(event, context):\n    return [name for name in names if importlib.util.find_spec(name)]\n"
    names = any_lab.function(code).answer()
    if any_lab.kind == "inline":  # our own package is the interpreter's owner there
        names = [name for name in names if name != "sandbox"]
    assert names == ["boto3", "botocore", "urllib3", "json"]


def test_boto3_of_the_package_wins_over_the_runtimes(any_lab):
    code = {"app.py": "import boto3\ndef handler(event, context):\n    return boto3.X\n", "boto3.py": "X = 'mine'"}
    assert any_lab.function(code).answer() == "mine"


def test_a_module_that_the_runtime_has_loaded_already_cannot_be_replaced(any_lab):
    """awslambdaric 4.2 imports json before it looks at the package: ``import_module("json")`` finds the standard library's."""
    function = any_lab.function({"json.py": "def handler(event, context):\n    return 1\n"}, handler="json.handler")
    assert function.init.error["errorType"] == "Runtime.HandlerNotFound"


def test_a_module_named_like_one_the_runtime_does_not_use_is_the_packages(any_lab):
    code = {
        "app.py": "import queue, csv\ndef handler(event, context):\n    return [queue.X, csv.X]\n",
        "queue.py": "X = 1",
        "csv.py": "X = 2",
    }
    assert any_lab.function(code).answer() == [1, 2]
    other = any_lab.function(
        "import queue, csv\ndef handler(event, context):\n    return [hasattr(queue, 'Queue'), hasattr(csv, 'reader')]\n"
    )
    assert other.answer() == [True, True]


def test_environment_variables_are_the_functions_and_only_those(any_lab, monkeypatch):
    monkeypatch.setenv("HOST_SECRET", "x")
    code = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    seen = any_lab.function(code, variables={"MINE": "1"}).answer(trace_header="Root=1-2-3")
    assert "HOST_SECRET" not in seen
    assert seen["MINE"] == "1"
    assert seen["_HANDLER"] == "app.handler"
    assert seen["LAMBDA_TASK_ROOT"] == "/var/task"
    assert seen["TZ"] == ":UTC"
    assert seen["_X_AMZN_TRACE_ID"] == "Root=1-2-3"
    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"


def test_a_streamed_invocation_sends_the_result_as_one_chunk(any_lab):
    """AWS's Python runtime has no response streaming of its own: a normal return is sent whole."""
    chunks: list[bytes] = []
    function = any_lab.function("def handler(event, context):\n    return 'x' * 10\n")
    report = function.call(stream=True, chunk=chunks.append)
    assert (report.kind, chunks) == ("ok", [b'"xxxxxxxxxx"'])


def test_large_events_and_answers_pass_whole(any_lab):
    function = any_lab.function("def handler(event, context):\n    return event\n", timeout_s=20)
    text = "é" * 1_500_000
    assert function.answer(text) == text


def test_an_oversized_answer_is_cut_just_past_the_limit(any_lab):
    function = any_lab.function("def handler(event, context):\n    return 'x' * 8_000_000\n", timeout_s=20)
    assert len(function.call().payload) == 6_291_556 + 1


def test_json_log_format_writes_one_object_a_record(any_lab):
    code = """
import logging
log = logging.getLogger('shop')
def handler(event, context):
    log.info('n=%s', 1, extra={'order': 7})
    log.debug('no')
"""
    report = any_lab.function(code, log_format="JSON", application_log_level="INFO").call()
    record = json.loads(texts(report)[0])
    assert len(report.logs) == 1
    stamp = record.pop("timestamp")
    assert record == {"level": "INFO", "message": "n=1", "logger": "shop", "requestId": "request-1", "order": 7}
    assert stamp.endswith("Z")
