"""What AWS's Python runtime says and writes.

Source unless a test names another: awslambdaric 4.2.2 (PyPI), ``bootstrap.py``, ``lambda_context.py``,
``lambda_runtime_log_utils.py`` and ``lambda_runtime_marshaller.py``, the client the managed runtimes run.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.runtime.environment import EnvironmentSpec, Event
from sandbox.runtime.inline import InlineRuntime

NBSP = "\u00a0"


@pytest.fixture
def run(tmp_path):
    runtime = InlineRuntime(Clock(), root=tmp_path / "runtime")

    def start(code, handler="app.handler", files=(), event=b"{}", **fields):
        home = tmp_path / f"code-{len(list(tmp_path.iterdir()))}"
        home.mkdir()
        (home / "app.py").write_text(code)
        for name, content in dict(files).items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(content)
        inits, reports = [], []
        variables = {"AWS_LAMBDA_FUNCTION_NAME": "f"}
        spec = EnvironmentSpec("e", "arn", "f", "7", "python3.13", handler, 256, 3, 512, variables, Path(home), **fields)
        environment = runtime.start(spec, inits.append)
        if inits[0].kind != "ok":
            return inits[0]
        environment.invoke(Event("8f5e", event, "arn:f:alias", 0, 3), reports.append)
        return reports[0]

    yield start
    runtime.close()


def test_an_exception_becomes_message_type_request_id_and_stack(run):
    """Recorded by localstack (tests/aws/services/lambda_, 2025-11): the same four keys in this order."""
    report = run("def handler(event, context):\n    raise ValueError('no good')\n")
    assert report.payload.decode() == json.dumps(
        {
            "errorMessage": "no good",
            "errorType": "ValueError",
            "requestId": "8f5e",
            "stackTrace": ["  File \"/var/task/app.py\", line 2, in handler\n    raise ValueError('no good')\n"],
        }
    )


def test_its_log_record_is_one_with_no_break_spaces(run):
    report = run("def handler(event, context):\n    raise ValueError('no good')\n")
    (record,) = report.logs
    assert record.text == (
        "[ERROR] ValueError: no good\nTraceback (most recent call last):\n"
        f"{NBSP * 2}File \"/var/task/app.py\", line 2, in handler\n{NBSP * 4}raise ValueError('no good')"
    )


def test_an_exception_without_message_has_an_empty_one(run):
    report = run("class Odd(Exception): pass\ndef handler(event, context):\n    raise Odd\n")
    assert json.loads(report.payload)["errorMessage"] == ""
    assert report.logs[0].text.startswith("[ERROR] Odd\nTraceback")


@pytest.mark.parametrize(
    ("code", "handler", "error_type", "message"),
    [
        (
            "import nothing_such",
            "app.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'app': No module named 'nothing_such'",
        ),
        ("", "other.handler", "Runtime.ImportModuleError", "Unable to import module 'other': No module named 'other'"),
        ("", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"),
        ("", "sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"),
    ],
)
def test_a_handler_that_cannot_be_loaded_is_told_as_aws_does(run, code, handler, error_type, message):
    report = run(code, handler)
    assert report.kind == "error"
    assert report.error == {"errorMessage": message, "errorType": error_type, "requestId": "", "stackTrace": []}
    assert report.logs[-1].text == f"[ERROR] {error_type}: {message}\nTraceback (most recent call last):"


def test_a_failed_init_warns_first(run):
    report = run("import nothing_such")
    assert re.match(
        r"\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t\tLAMBDA_WARNING: Unhandled exception\. ", report.logs[0].text
    )


def test_a_syntax_error_shows_the_line(run):
    report = run("def handler(event, context)\n    return 1\n")
    assert report.error["errorType"] == "Runtime.UserCodeSyntaxError"
    assert report.error["errorMessage"].startswith("Syntax error in module 'app': ")
    assert report.error["stackTrace"] == ['  File "/var/task/app.py" Line 1\n    def handler(event, context)\n']


def test_another_exception_at_import_shows_the_importing_frames_too(run):
    report = run("x = {}['missing']")
    assert (report.error["errorType"], report.error["errorMessage"]) == ("KeyError", "'missing'")
    assert '/importlib/__init__.py"' in report.error["stackTrace"][0]
    assert '"/var/task/app.py", line 1, in <module>' in report.error["stackTrace"][-1]


@pytest.mark.parametrize("handler", ["pkg/mod.handler", "pkg.mod.handler"])
def test_a_handler_may_lie_in_a_package(run, handler):
    report = run("", handler, {"pkg/mod.py": "def handler(event, context):\n    return __name__\n"})
    assert report.payload == b'"pkg.mod"'


def test_an_event_that_is_no_json_is_an_unmarshal_error(run):
    report = run("def handler(event, context):\n    return 1\n", event=b"{")
    document = json.loads(report.payload)
    assert document["errorType"] == "Runtime.UnmarshalError"
    assert document["errorMessage"].startswith("Unable to unmarshal input: Expecting property name enclosed in double quotes")


def test_logging_writes_level_time_request_and_message_with_tabs(run):
    code = """
import logging
logging.getLogger().setLevel('INFO')
def handler(event, context):
    logging.info('two\\nlines')
    logging.debug('no')
"""
    (record,) = run(code).logs
    assert re.fullmatch(r"\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t8f5e\ttwo\nlines", record.text)


def test_without_a_level_only_warnings_are_logged(run):
    code = "import logging\ndef handler(event, context):\n    logging.info('no')\n    logging.warning('yes')\n"
    assert [record.text.rpartition("\t")[2] for record in run(code).logs] == ["yes"]


def test_the_json_format_logs_exceptions_with_their_place(run):
    code = """
import logging
def handler(event, context):
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception('oops', extra={'id': {1}})
"""
    (record,) = run(code, log_format="JSON", application_log_level="INFO").logs
    fields = json.loads(record.text)
    assert list(fields) == [
        "timestamp",
        "level",
        "message",
        "logger",
        "stackTrace",
        "errorType",
        "errorMessage",
        "requestId",
        "location",
        "id",
    ]
    assert fields["location"] == "/var/task/app.py:handler:7"
    assert (fields["level"], fields["errorType"], fields["errorMessage"], fields["id"]) == (
        "ERROR",
        "ZeroDivisionError",
        "division by zero",
        "{1}",
    )


def test_the_json_format_logs_an_uncaught_error_as_an_object(run):
    (record,) = run("def handler(event, context):\n    1 / 0\n", log_format="JSON").logs
    fields = json.loads(record.text)
    assert list(fields) == ["timestamp", "level", "errorMessage", "errorType", "requestId", "stackTrace"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fields["timestamp"])


def test_a_log_level_of_trace_means_debug(run):
    code = "import logging\ndef handler(event, context):\n    return logging.getLogger().level\n"
    assert run(code, application_log_level="TRACE").payload == b"10"


def test_context_log_is_one_record(run):
    (record,) = run("def handler(event, context):\n    context.log('a\\nb')\n").logs
    assert record.text == "a\nb"


def test_the_context_prints_itself_as_aws_does(run):
    text = json.loads(run("def handler(event, context):\n    return repr(context)\n").payload)
    assert text.startswith(
        "LambdaContext([aws_request_id=8f5e,log_group_name=None,log_stream_name=None,function_name=f,memory_limit_in_mb=256,"
    )
    assert text.endswith(
        "client_context=None,identity=CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None]),tenant_id=None])"
    )


def test_the_search_path_starts_with_the_package_and_layers(run, tmp_path):
    """Order in managed runtimes: /var/task, /opt/python/lib/pythonX.Y/site-packages, /opt/python, /var/runtime, library."""
    layer = tmp_path / "layer"
    (layer / "python").mkdir(parents=True)
    path = json.loads(run("import sys\ndef handler(event, context):\n    return sys.path\n", layer_dirs=(layer,)).payload)
    assert path[:3] == ["/var/task", "/opt/python", "/var/runtime"]
