"""Custom runtimes over the Runtime API. Source: Lambda guide, "Using the Lambda runtime API for custom runtimes"."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from typing import Any

import pytest

from sandbox.runtime.package import read_package

SHELL = """#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
echo "cold start"
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "$api/next")
  id=$(grep -i Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  echo "handling $id"
  curl -sS -X POST "$api/$id/response" -d "{\\"got\\": $event}" > /dev/null
done
"""
# a program of its own, though in Python: the runtime is what it says over the API
OWN = """#!%s -IS
import json, os, sys, urllib.request
API = 'http://' + os.environ['AWS_LAMBDA_RUNTIME_API'] + '/2018-06-01/runtime/'
def post(path, value, **headers):
    request = urllib.request.Request(API + path, json.dumps(value).encode(), headers)
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code
def following():
    with urllib.request.urlopen(API + 'invocation/next') as answer:
        return dict(answer.headers), json.load(answer)
%s
"""


def package(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    return buffer.getvalue()


@pytest.fixture(name="custom")
def custom_functions(process_lab: Any) -> Any:
    def make(body: str, layer: dict[str, str] | None = None, name: str = "bootstrap", **more: Any) -> Any:
        text = body if body.startswith("#!") else OWN % (sys._base_executable, body)  # type: ignore[attr-defined]
        spec = process_lab.spec({"app.py": ""}, runtime="provided.al2023", handler="any.thing", **more)
        code = process_lab.store.directory(read_package(package({name: text})))
        layers = (process_lab.store.directory(read_package(package(layer))),) if layer else ()
        return type_of(process_lab)(process_lab, replaced(spec, code_dir=code, layer_dirs=layers))

    return make


def type_of(laboratory: Any) -> Any:
    return sys.modules[type(laboratory).__module__].Function


def replaced(spec: Any, **fields: Any) -> Any:
    from dataclasses import replace

    return replace(spec, **fields)


def test_a_shell_script_is_a_runtime(custom: Any) -> None:
    function = custom(SHELL)
    assert function.init.kind == "ok"
    assert [record.text for record in function.init.logs] == ["cold start"]
    for number in range(2):
        report = function.call({"n": number}, request_id=f"r-{number}")
        assert json.loads(report.payload) == {"got": {"n": number}}
        assert [record.text for record in report.logs] == [f"handling r-{number}"]


def test_the_headers_tell_about_the_invocation(custom: Any) -> None:
    body = (
        "while True:\n"
        "    headers, event = following()\n"
        "    post('invocation/' + headers['Lambda-Runtime-Aws-Request-Id'] + '/response', headers)"
    )
    function = custom(body)
    headers = function.answer({}, request_id="r-1", trace_header="Root=1-2", timeout_s=3)
    assert headers["Lambda-Runtime-Trace-Id"] == "Root=1-2"
    assert headers["Lambda-Runtime-Invoked-Function-Arn"].endswith(":function:probe")
    assert int(headers["Lambda-Runtime-Deadline-Ms"]) > 1_700_000_000_000


def test_an_error_is_handed_on_and_a_wrong_id_refused(custom: Any) -> None:
    body = (
        "headers, event = following()\n"
        "status = post('invocation/other/response', 1)\n"
        "id = headers['Lambda-Runtime-Aws-Request-Id']\n"
        "post('invocation/' + id + '/error', {'errorType': 'Mine', 'errorMessage': str(status), 'stackTrace': []})\n"
        "following()"
    )
    report = custom(body).call({})
    assert (report.kind, report.alive) == ("error", True)
    assert json.loads(report.payload) == {"errorType": "Mine", "errorMessage": "400", "stackTrace": []}


def test_an_init_error_an_exit_and_a_missing_program_are_told(custom: Any) -> None:
    init = custom("post('init/error', {'errorType': 'NoConfig', 'errorMessage': 'x'})\nsys.exit(1)").init
    assert (init.kind, init.error["errorType"]) == ("error", "NoConfig")
    gone = custom("sys.exit(7)").init
    assert (gone.kind, gone.exit_status) == ("exit", "exit status 7")
    died = custom("following()\nos.kill(os.getpid(), 9)").call({})
    assert (died.kind, died.exit_status, died.alive) == ("exit", "signal: killed", False)
    missing = custom("pass", name="other").init
    assert missing.error["errorType"] == "Runtime.InvalidEntrypoint"
    assert "[/var/task/bootstrap /opt/bootstrap]" in missing.error["errorMessage"]


def test_a_program_that_does_not_answer_times_out(custom: Any) -> None:
    report = custom("following()\nimport time\ntime.sleep(60)", timeout_s=1).call({})
    assert (report.kind, report.alive) == ("timeout", False)


def test_an_extension_registers_and_is_told_of_invocations(custom: Any) -> None:
    extension = (
        OWN
        % (
            sys._base_executable,
            """
API = API.replace('2018-06-01/runtime/', '2020-01-01/extension/')
named = {'Lambda-Extension-Name': 'watcher'}
request = urllib.request.Request(API + 'register', b'{"events": ["INVOKE", "SHUTDOWN"]}', named)
with urllib.request.urlopen(request) as answer:
    known = {'Lambda-Extension-Identifier': answer.headers['Lambda-Extension-Identifier']}
    print('registered', json.load(answer)['functionName'], flush=True)
while True:
    with urllib.request.urlopen(urllib.request.Request(API + 'event/next', headers=known)) as answer:
        event = json.load(answer)
        print('told', event['eventType'], event['requestId'], flush=True)
""",
        )
    ).replace("import json", "import urllib.error, json", 1)  # type: ignore[attr-defined]
    body = (
        "import time\n"
        "while True:\n"
        "    headers, event = following()\n"
        "    time.sleep(0.2)\n"
        "    post('invocation/' + headers['Lambda-Runtime-Aws-Request-Id'] + '/response', event)"
    )
    function = custom(body, layer={"extensions/watcher": extension})
    assert function.init.kind == "ok"
    assert [record.text for record in function.init.logs] == ["registered probe"]
    report = function.call({"a": 1}, request_id="r-1")
    assert json.loads(report.payload) == {"a": 1}
    assert [record.text for record in report.logs] == ["told INVOKE r-1"]
