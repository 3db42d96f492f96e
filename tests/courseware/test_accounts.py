from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from courseware import accounts
from courseware.accounts import Running
from courseware.errors import LearnerError


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    monkeypatch.delenv("COURSE_CONTROL_URL", raising=False)


@pytest.fixture
def listening() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def account(control_url: str, port: int = 4001) -> Running:
    return Running(control_url, "secret", f"http://127.0.0.1:{port}", "AKIA", "key", "us-east-1", "123456789012", 77)


def test_a_remembered_account_is_found_and_its_file_is_private(listening: str, tmp_path: Path) -> None:
    accounts.remember(account(listening))
    assert accounts.find() == account(listening)
    assert (tmp_path / "accounts" / "4001.json").stat().st_mode & 0o777 == 0o600


def test_an_account_nobody_answers_for_is_forgotten(tmp_path: Path) -> None:
    accounts.remember(account("http://127.0.0.1:9"))
    assert accounts.running() == []
    assert list((tmp_path / "accounts").iterdir()) == []


def test_the_port_chooses_among_several_and_the_latest_is_the_default(listening: str) -> None:
    accounts.remember(account(listening, 4001))
    accounts.remember(account(listening, 4002))
    assert accounts.find().port == 4002
    assert accounts.find(4001).port == 4001


def test_without_an_account_the_error_says_how_to_start_one() -> None:
    with pytest.raises(LearnerError, match=r"\./course account"):
        accounts.find()
    with pytest.raises(LearnerError, match="port 4009"):
        accounts.find(4009)


def test_the_environment_goes_before_the_files(listening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_CONTROL_URL", listening)
    monkeypatch.setenv("COURSE_CONTROL_TOKEN", "other")
    assert accounts.find().control_token == "other"


def test_an_environment_that_names_nobody_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_CONTROL_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("COURSE_CONTROL_TOKEN", "other")
    with pytest.raises(LearnerError, match="unset COURSE_CONTROL_URL"):
        accounts.find()


def test_forgetting_leaves_the_file_of_a_successor_on_the_same_port(listening: str) -> None:
    old, new = account(listening), replace(account(listening), pid=78)
    accounts.remember(new)
    accounts.forget(old)
    assert accounts.find() == new


def test_a_damaged_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "4001.json").write_text("{")
    assert accounts.running() == []


def test_a_ready_line_may_hold_more_than_is_kept(listening: str) -> None:
    info = {"control_url": listening, "control_token": "t", "endpoint_url": "http://127.0.0.1:5", "future": 1}
    assert accounts.from_ready_line(info, 5).port == 5
