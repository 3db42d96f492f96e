"""Start, reset, close, being killed; several accounts at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from sandbox.account import LocalAccount, Settings, local_account
from sandbox.errors import LearnerError

ROOT = Path(__file__).parents[3]


def test_reset_forgets_everything_but_the_learners_keys_in_milliseconds(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    make_function(account, make_role(account), "return 1").invoke(FunctionName="f")
    account.client("s3").create_bucket(Bucket="pictures")
    account.control.add_fault(service="s3", error={"code": "SlowDown"})
    begun = time.monotonic()
    account.reset()
    assert time.monotonic() - begun < 0.5
    assert account.client("lambda").list_functions()["Functions"] == []
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert [user["UserName"] for user in account.client("iam").list_users()["Users"]] == ["learner"]
    assert account.control.faults() == []


def test_an_account_has_the_layers_it_was_made_with_again_after_a_reset(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tools.zip", "w") as archive:
        archive.writestr("python/tools.py", "")
    with local_account(layers={"tools": tmp_path / "tools.zip"}) as account:
        (tmp_path / "tools.zip").unlink()
        lambda_ = account.client("lambda")
        first = lambda_.list_layer_versions(LayerName="tools")["LayerVersions"]
        lambda_.delete_layer_version(LayerName="tools", VersionNumber=1)
        account.reset()
        again = lambda_.list_layer_versions(LayerName="tools")["LayerVersions"]
    assert [row["LayerVersionArn"] for row in first] == ["arn:aws:lambda:us-east-1:123456789012:layer:tools:1"]
    assert [row["LayerVersionArn"] for row in again] == [row["LayerVersionArn"] for row in first]


def test_a_reset_answers_whoever_still_waits(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    client = make_function(account, make_role(account), "time.sleep(30)", Timeout=60)
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(client.invoke(FunctionName="f")))
    thread.start()
    while account.control.info()["environments"]["busy"] == 0:
        threading.Event().wait(0.01)
    account.reset()
    thread.join(10)
    assert answers[0]["FunctionError"] == "Unhandled"
    make_function(account, make_role(account), "return 1")
    assert client.invoke(FunctionName="f")["Payload"].read() == b"1"
    assert account.control.info()["environments"]["busy"] == 0


def test_two_accounts_at_once_do_not_see_each_other(
    account: LocalAccount, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    with local_account(seed=3) as other:
        account.client("s3").create_bucket(Bucket="pictures")
        assert other.client("s3").list_buckets()["Buckets"] == []
        make_function(other, make_role(other), "return 'other'")
        assert other.client("lambda").invoke(FunctionName="f")["Payload"].read() == b'"other"'
        assert account.client("lambda").list_functions()["Functions"] == []
        assert other.endpoint_url != account.endpoint_url


def children(pid: int) -> set[int]:
    found, waiting = set(), [pid]
    while waiting:
        current = waiting.pop()
        for task in Path(f"/proc/{current}/task").glob("*/children"):
            for child in task.read_text().split():
                found.add(int(child))
                waiting.append(int(child))
    return found


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes")
def test_a_closed_account_leaves_no_thread_and_no_process(
    make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    before_threads, before = threading.active_count(), children(os.getpid())
    with local_account() as account:
        make_function(account, make_role(account), "return 1").invoke(FunctionName="f")
        assert children(os.getpid()) > before
    assert threading.active_count() == before_threads
    assert children(os.getpid()) == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_served_account_ends_with_its_children_however_it_is_ended(
    number: int, make_role: Callable[..., str], make_function: Callable[..., Any]
) -> None:
    script = (
        "import json\nfrom sandbox.account import Settings, serve\n"
        "serve(Settings(), 0, 0, lambda info: print(json.dumps(info), flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    served = LocalAccount(Settings(), ready)
    client = make_function(served, make_role(served), "time.sleep(60)", Timeout=90)

    def wait_for_the_end() -> None:
        with suppress(BotoCoreError, ClientError):
            client.invoke(FunctionName="f")

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    while served.control.info()["environments"]["busy"] == 0:
        threading.Event().wait(0.02)
    family = children(process.pid)
    assert family
    process.send_signal(number)
    assert process.wait(10) in (0, -number)
    process.stdout.close()
    for _ in range(200):
        left = [pid for pid in family if Path(f"/proc/{pid}").exists() and "Z" not in state(pid)]
        if not left:
            break
        threading.Event().wait(0.02)
    assert left == []


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_port_in_use_names_the_fix_and_leaves_nothing_open(account: LocalAccount) -> None:
    port = urlsplit(account.endpoint_url).port
    assert port is not None
    before = threading.active_count()
    with pytest.raises(LearnerError, match=f"port {port} is in use.*--port"), local_account(port=port):
        pass
    with pytest.raises(LearnerError, match=f"port {port} is in use.*--control-port"), local_account(control_port=port):
        pass
    assert threading.active_count() == before


def test_environ_points_any_client_at_the_account(account: LocalAccount) -> None:
    import boto3

    default_before = boto3.DEFAULT_SESSION
    account.client("s3").create_bucket(Bucket="pictures")
    listed = subprocess.run(
        [sys.executable, "-c", "import boto3; print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])"],
        env={**os.environ, **account.environ()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.strip() == "['pictures']"
    assert boto3.DEFAULT_SESSION is default_before
