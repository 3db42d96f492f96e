from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from courseware import machine, node
from courseware.cli import doctor
from courseware.errors import LearnerError


def finding(what: str) -> doctor.Finding:
    return next(found for found in doctor.examine() if found.what == what)


def test_everything_is_looked_at_and_what_is_not_ok_says_how_to_mend_it(capsys: pytest.CaptureFixture[str]) -> None:
    parser = __import__("argparse").ArgumentParser()
    doctor.add_arguments(parser)
    doctor.run(parser.parse_args(["--json"]))
    findings = json.loads(capsys.readouterr().out)
    assert {"Python", "environment", "Node.js", "Chromium", "isolation", "disk"} <= {found["what"] for found in findings}
    assert [found["what"] for found in findings if found["state"] != "ok" and not found["mend"]] == []


def test_a_missing_browser_is_without_not_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COURSE_CHROMIUM", str(tmp_path / "nowhere"))
    found = finding("Chromium")
    assert found.state == "without"
    assert "apt install chromium" in found.mend


def test_without_a_system_node_the_wheel_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = node.find_node()
    assert found.origin == "wheel"
    assert Path(node.npm_command()[-1]).exists()


def test_a_node_that_is_too_old_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.19.0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert node.find_node().origin == "wheel"


def test_a_folder_that_cannot_be_written_is_missing_and_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "below"))
    found = finding("learner's folder")
    assert found.state == "missing"
    assert "COURSE_STATE" in found.mend


def test_a_port_in_use_names_the_flag_and_without_a_wish_the_next_one_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LearnerError, match="--port"):
            machine.choose_port(port, port)
        assert machine.choose_port(None, port) > port
