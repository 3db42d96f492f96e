"""``./course account`` as processes, with real signals."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-P", "-m", "courseware.cli"]
HANDLER = "import os\ndef handler(event, context):\n    return os.getpid()\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "COURSE_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "COURSE_STATE": str(tmp_path / "state")}


@contextlib.contextmanager
def started(environment: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    process = subprocess.Popen(
        [*COMMAND, "account", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            line = process.stdout.readline()
            yield process, json.loads(line) if line else {"error": process.stderr.read()}
        finally:
            if process.poll() is None:
                process.kill()


def client(info: dict[str, Any], service: str) -> Any:
    session = boto3.session.Session(info["aws_access_key_id"], info["aws_secret_access_key"], region_name=info["region"])
    return session.client(service, endpoint_url=info["endpoint_url"])


def course(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=environment, check=False, timeout=60)


def make_function(info: dict[str, Any], package: bytes) -> int:
    """Create and call a function; its answer is the pid of the process it runs in, inside its own box."""
    trust = {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}
    role = client(info, "iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))
    awslambda = client(info, "lambda")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    awslambda.create_function(
        FunctionName="f", Runtime=version, Role=role["Role"]["Arn"], Handler="app.handler", Code={"ZipFile": package}
    )
    awslambda.get_waiter("function_active_v2").wait(FunctionName="f")
    return int(awslambda.invoke(FunctionName="f")["Payload"].read())


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    import zipfile

    path = tmp_path_factory.mktemp("package") / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("app.py", HANDLER)
    return path.read_bytes()


def test_the_ready_line_is_one_json_object_with_what_a_client_needs(environment: dict[str, str]) -> None:
    with started(environment) as (process, info):
        wanted = {
            "endpoint_url",
            "aws_access_key_id",
            "aws_secret_access_key",
            "region",
            "account_id",
            "control_url",
            "control_token",
        }
        assert wanted <= set(info)
        assert client(info, "sts").get_caller_identity()["Account"] == info["account_id"]
        process.terminate()
        assert process.stdout is not None
        assert process.stdout.read() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_no_process_is_left(environment: dict[str, str], package: bytes, number: signal.Signals) -> None:
    with started(environment) as (process, info):
        make_function(info, package)
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(number)
        process.wait(timeout=20)
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
        assert process.returncode in {0, -number}


def test_the_file_for_other_commands_is_private_and_goes_with_the_account(environment: dict[str, str]) -> None:
    folder = Path(environment["COURSE_STATE"]) / "accounts"
    with started(environment) as (process, _):
        (kept,) = folder.glob("*.json")
        assert kept.stat().st_mode & 0o777 == 0o600
        assert course(environment, "clock").returncode == 0
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    assert list(folder.glob("*.json")) == []


def test_an_account_that_was_killed_is_no_longer_found(environment: dict[str, str]) -> None:
    with started(environment) as (process, _):
        process.kill()
        process.wait()
    result = course(environment, "clock")
    assert result.returncode == 2
    assert "./course account" in result.stderr


def test_a_port_in_use_names_the_flag(environment: dict[str, str]) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        started(environment, f"--port={taken.getsockname()[1]}") as (process, info),
    ):
        assert "--port" in info["error"]
        assert "Traceback" not in info["error"]
        assert process.wait() == 2


def test_two_accounts_are_told_apart_by_port(environment: dict[str, str]) -> None:
    with started(environment) as (_, one), started(environment) as (_, other):
        client(one, "sqs").create_queue(QueueName="only-here")
        port = one["endpoint_url"].rpartition(":")[2]
        assert "CreateQueue" in course(environment, "calls", "--port", port).stdout
        assert "CreateQueue" not in course(environment, "calls").stdout
        assert client(other, "sqs").list_queues().get("QueueUrls", []) == []
        assert len(course(environment, "account", "list").stdout.splitlines()) == 2


def test_exports_start_one_in_the_background_for_a_shell(environment: dict[str, str]) -> None:
    quoted = " ".join(f"'{word}'" for word in COMMAND)
    look = 'env | grep -c "^AWS_ENDPOINT_URL=http://127"'
    script = f'eval "$({quoted} account --export)" && {look} && {quoted} clock && {quoted} account stop'
    result = subprocess.run(["sh", "-c", script], capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("1\n")
    assert "stopped http://127.0.0.1:" in result.stdout
    assert "unset AWS_ENDPOINT_URL" in result.stderr
    assert course(environment, "account", "list").stdout == "no account is running\n"


def test_a_background_account_that_cannot_start_says_why(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = course(environment, "account", "--export", f"--port={taken.getsockname()[1]}")
    assert result.returncode == 2
    assert "in use" in result.stderr
    assert result.stdout == ""


def test_without_a_folder_to_write_it_still_runs_and_says_so(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with started(environment | {"COURSE_STATE": str(tmp_path / "file" / "below")}) as (process, info):
        assert client(info, "sts").get_caller_identity()["Account"] == info["account_id"]
        process.terminate()
        assert process.stderr is not None
        assert "COURSE_STATE" in process.stderr.read()


def test_it_ends_when_whoever_started_it_is_gone(environment: dict[str, str]) -> None:
    starter = (
        f"import subprocess; p = subprocess.Popen({[*COMMAND, 'account', '--while-stdin']!r}, "
        "stdin=subprocess.PIPE, start_new_session=True); print(p.pid, flush=True); p.wait()"
    )
    process = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True, env=environment)
    with process:
        assert process.stdout is not None
        account = psutil.Process(int(process.stdout.readline()))
        assert "endpoint_url" in process.stdout.readline()
        process.kill()
        account.wait(timeout=10)
