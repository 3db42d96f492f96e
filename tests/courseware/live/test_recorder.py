"""Sessions recorded in forks of one interpreter: as in a fresh one, apart from one another, and sound when one goes down."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from courseware.live import recorder as served
from courseware.live.made_of import ROOT, digest
from courseware.live.record import record
from courseware.sphinx_ext import expected
from courseware.sphinx_ext.expected import Cell, is_current, order
from courseware.sphinx_ext.recorder import Recorder, RecordingError
from courseware.web.runtime_bundle import in_a_page

MAKE = "import boto3\ns3 = boto3.client('s3')\ns3.create_bucket(Bucket='mine')\n[b['Name'] for b in s3.list_buckets()['Buckets']]"
LOOK = "import boto3\ntry:\n    s3\nexcept NameError:\n    print('no such name')\nboto3.client('s3').list_buckets()['Buckets']"
ROLE = "import boto3\nboto3.client('iam').create_user(UserName='u')['User']['UserId']"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Each session in turn: its file, or why it failed."""
    one, folder = Recorder(), tmp_path_factory.mktemp("kept")

    def run(*codes):
        files = [folder / f"{abs(hash(code))}.json" for code in codes]
        for code, file in zip(codes, files, strict=True):
            one.order([{"name": "1", "code": code}], file)
        for file in files:
            one.wait(file)
        return [json.loads(file.read_text("utf-8")) for file in files]

    yield run
    one.close()


def test_a_session_prints_what_it_prints_in_an_interpreter_of_its_own(recorded):
    for kept, code in zip(recorded(MAKE, LOOK, ROLE), (MAKE, LOOK, ROLE), strict=True):
        assert kept["rows"] == record([[{"name": "1", "code": code}]])[0]


def test_sessions_see_nothing_of_one_another(recorded):
    made, looked = recorded(MAKE + "\n", LOOK + "\n")
    assert made["rows"][0]["value"] == "['mine']\n"
    assert (looked["rows"][0]["output"], looked["rows"][0]["value"]) == ([["out", "no such name\n"]], "[]\n")


def test_a_session_that_takes_the_process_down_is_told_and_the_next_one_runs(recorded):
    with pytest.raises(RecordingError, match="last words"):
        recorded("import os\nos.write(2, b'last words')\nos._exit(3)")
    with pytest.raises(RecordingError, match="ended with 4"):
        recorded("import os\nos._exit(4)")
    assert recorded("import os\nwritten = os.write(1, b'no line of ours')\nprint('well')")[0]["rows"][0]["ok"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_interpreter_that_forks_has_no_threads(recorded):
    code = "import os\nnext(line for line in open(f'/proc/{os.getppid()}/status') if line.startswith('Threads'))"
    assert recorded(code)[0]["rows"][0]["value"] == "'Threads:\\t1\\n'\n"


def test_a_recording_knows_what_it_was_made_of_and_ages_with_it(recorded, tmp_path, monkeypatch):
    made_of = recorded(MAKE)[0]["made_of"]
    assert {"sandbox/facts.toml", "sandbox/account/inprocess.py", "courseware/live/session.py"} <= made_of.keys()
    assert "sandbox/runtime/process.py" not in made_of
    assert [name for name in made_of if not in_a_page(name)] == []  # so a page, which runs the same, has all it needs
    file = tmp_path / "kept.json"
    file.write_text(json.dumps({"rows": [], "made_of": made_of}), "utf-8")
    assert is_current(file)
    monkeypatch.setattr(expected, "digest", lambda path: "other" if path == ROOT / "sandbox" / "facts.toml" else digest(path))
    assert not is_current(file)


def test_the_same_cells_are_kept_in_one_file_and_run_once(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(expected.recorder, "order", lambda rows, file, *, urgent: asked.append(file))
    first = order([Cell("1", "1 + 1")], tmp_path)
    first.write_text(json.dumps({"rows": [], "made_of": {}}), "utf-8")
    assert order([Cell("1", "1 + 1")], tmp_path) == first
    assert order([Cell("1", "1 + 2")], tmp_path) != first
    assert len(asked) == 2


def test_without_fork_a_session_gets_an_interpreter_of_its_own(tmp_path, monkeypatch, capsys):
    file = tmp_path / "kept.json"
    line = json.dumps({"cells": [{"name": "1", "code": "6 * 7"}], "file": str(file), "urgent": False})
    monkeypatch.setattr(sys, "stdin", [line])
    served.serve_without_fork()
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "error": ""}
    assert json.loads(file.read_text("utf-8"))["rows"][0]["value"] == "42\n"


def test_without_fork_too_last_words_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", [json.dumps({"cells": [], "file": str(tmp_path / "kept.json")})])
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "no more room"))
    served.serve_without_fork()
    assert json.loads(capsys.readouterr().out)["error"] == "no more room"
