"""The control channel over its own socket, and what it refuses."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.account import LocalAccount, local_account
from sandbox.control.client import ControlClient
from sandbox.errors import LearnerError


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[LocalAccount]:
    with local_account(virtual_time=True, start=1_800_000_000.0, seed=4) as account:
        yield account


def ask(
    account: LocalAccount,
    command: str = "now",
    token: str | None = None,
    host: str | None = None,
    method: str = "POST",
    body: bytes = b"{}",
) -> tuple[int, dict[str, Any], dict[str, str]]:
    place = urlsplit(account.ready["control_url"])
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)
    headers = {"Authorization": f"Bearer {account.ready['control_token'] if token is None else token}"}
    if host:
        headers["Host"] = host
    connection.request(method, f"/{command}", body, headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read()), dict(response.getheaders())
    connection.close()
    return answer


def test_the_clock_is_read_and_moved(account: LocalAccount) -> None:
    account.reset()
    assert account.control.now()["now"] == 1_800_000_000.0
    assert account.control.advance(90)["iso"] == "2027-01-15T08:01:30+00:00"
    assert account.control.until_quiet()["quiet"] is True


def test_time_runs_forward_only(account: LocalAccount) -> None:
    account.reset()
    account.control.advance(30 * 86_400 * 12)
    moved = account.control.now()["now"]
    running = account.control.set_clock("real")
    assert (running["virtual"], running["now"] >= moved) == (False, True)
    with pytest.raises(LearnerError, match="'real' or 'virtual'"):
        account.control.set_clock("fast")


def test_info_says_what_runs(account: LocalAccount) -> None:
    account.reset()
    info = account.control.info()
    assert (info["account_id"], info["region"], info["seed"], info["virtual_time"]) == ("123456789012", "us-east-1", 4, True)
    assert info["endpoint_url"] == account.endpoint_url
    assert "python3.13" in info["runtimes"]
    assert info["defects"] == []


def test_faults_come_and_go(account: LocalAccount) -> None:
    account.reset()
    rule = account.control.add_fault(service="s3", error={"code": "SlowDown", "status": 503})
    assert [fault["id"] for fault in account.control.faults()] == [rule["id"]]
    assert account.control.remove_fault(rule["id"])["fired"] == 0
    with pytest.raises(LearnerError, match="no fault rule 'gone'"):
        account.control.remove_fault("gone")
    with pytest.raises(LearnerError, match="needs an effect"):
        account.control.add_fault(service="s3")
    account.control.add_fault(service="s3", latency_s=1)
    account.control.clear_faults()
    assert account.control.faults() == []


def test_calls_are_read_from_a_number_on_and_filtered(account: LocalAccount) -> None:
    account.reset()
    account.client("s3").create_bucket(Bucket="pictures")
    last = account.control.calls()[-1]["number"]
    account.client("sqs").list_queues()
    account.client("s3").list_buckets()
    assert [call["operation"] for call in account.control.calls(since=last)] == ["ListQueues", "ListBuckets"]
    assert [call["operation"] for call in account.control.calls(service="s3")] == ["CreateBucket", "ListBuckets"]
    assert account.control.calls(allowed=False) == []
    with pytest.raises(LearnerError, match="'since'"):
        account.control.calls(since=-1)
    with pytest.raises(LearnerError, match="'limit'"):
        account.control.calls(limit=0)


def test_the_timeline_comes_as_data_and_as_pictures(account: LocalAccount) -> None:
    account.reset()
    account.client("s3").create_bucket(Bucket="pictures")
    assert [entry["title"] for entry in account.control.timeline()] == ["s3:CreateBucket"]
    assert account.control.timeline_svg().lstrip().startswith("<svg")
    assert "s3:CreateBucket" in account.control.timeline_html()


def test_another_account_gets_a_learner_of_its_own(account: LocalAccount) -> None:
    account.reset()
    made = account.control.add_account("210987654321")
    assert account.control.add_account("210987654321") == made
    assert set(account.control.info()["accounts"]) == {"123456789012", "210987654321"}
    with pytest.raises(LearnerError, match="12 digits"):
        account.control.add_account("12")


@pytest.mark.parametrize("token", ["", "wrong", "ä"])
def test_without_the_token_nothing_is_done(account: LocalAccount, token: str) -> None:
    status, answer, _ = ask(account, "reset", token=token.encode().decode("latin-1"))
    assert status == 401
    assert "token" in answer["error"]["message"]


def test_account_credentials_do_not_open_the_control_channel(account: LocalAccount) -> None:
    client = account.client("lambda", endpoint_url=account.ready["control_url"])
    with pytest.raises(Exception, match=r"401|token"):
        client.list_functions()


def test_the_endpoint_of_the_account_knows_no_control_commands(account: LocalAccount) -> None:
    connection = http.client.HTTPConnection(urlsplit(account.endpoint_url).netloc, timeout=10)
    connection.request("POST", "/reset", b"{}", {"Authorization": f"Bearer {account.ready['control_token']}"})
    assert connection.getresponse().status in (400, 404)
    connection.close()


@pytest.mark.parametrize("host", ["evil.example", "evil.localhost", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(account: LocalAccount, host: str) -> None:
    status, _, headers = ask(account, host=host)
    assert status == 403
    assert not any(name.lower().startswith("access-control") for name in headers)


def test_what_is_no_command_is_refused_with_the_list(account: LocalAccount) -> None:
    assert ask(account, method="GET")[0] == 405
    assert ask(account, body=b"[]")[0] == 400
    assert ask(account, body=b"{")[0] == 400
    status, answer, _ = ask(account, "explode")
    assert status == 400
    assert "until-quiet" in answer["error"]["message"]


def test_a_client_without_an_account_is_told_how_to_start_one() -> None:
    with pytest.raises(LearnerError, match="course account"):
        ControlClient("http://127.0.0.1:9", "token").now()
    with pytest.raises(LearnerError, match="no control address"):
        ControlClient("file:///etc/passwd", "token")


def test_something_else_that_answers_is_not_taken_for_an_account(account: LocalAccount) -> None:
    with pytest.raises(LearnerError):
        ControlClient(account.endpoint_url, "token").now()
