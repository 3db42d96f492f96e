"""Clients that are not boto3: curl with its own signing, the AWS CLI as learners type it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.account import LocalAccount, local_account

TOOLS = Path(__file__).parents[3] / ".venv-tools" / "bin" / "aws"
CURL = shutil.which("curl") or ""
AWS = str(TOOLS) if TOOLS.exists() else shutil.which("aws") or ""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[LocalAccount]:
    with local_account(seed=2) as account:
        role = account.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("app.py", "def handler(event, context):\n    return event\n")
        client = account.client("lambda")
        client.create_function(
            FunctionName="echo", Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": buffer.getvalue()}
        )
        yield account


def run(account: LocalAccount, *command: str, cwd: Path | None = None) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd or "/nonexistent"), "AWS_PAGER": "", **account.environ()}
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def signed_curl(account: LocalAccount, service: str, *rest: str) -> str:
    keys = f"{account.ready['aws_access_key_id']}:{account.ready['aws_secret_access_key']}"
    return run(account, CURL, "-sS", "--aws-sigv4", f"aws:amz:us-east-1:{service}", "--user", keys, *rest)


@pytest.mark.skipif(not CURL, reason="curl is not installed")
def test_curl_signs_and_is_recognised(account: LocalAccount) -> None:
    listed = json.loads(signed_curl(account, "lambda", f"{account.endpoint_url}/2015-03-31/functions/"))
    assert [function["FunctionName"] for function in listed["Functions"]] == ["echo"]
    url = f"{account.endpoint_url}/2015-03-31/functions/echo/invocations"
    assert json.loads(signed_curl(account, "lambda", "-d", '{"a": 1}', url)) == {"a": 1}


@pytest.mark.skipif(not CURL, reason="curl is not installed")
def test_curl_uploads_a_file_that_it_first_asks_to_send(account: LocalAccount, tmp_path: Path) -> None:
    account.client("s3").create_bucket(Bucket="uploads")
    (tmp_path / "big").write_bytes(b"x" * 2_000_000)
    url = account.client("s3").generate_presigned_url("put_object", Params={"Bucket": "uploads", "Key": "big"})
    assert run(account, CURL, "-sS", "-H", "Expect: 100-continue", "-T", str(tmp_path / "big"), url) == ""
    assert account.client("s3").head_object(Bucket="uploads", Key="big")["ContentLength"] == 2_000_000


@pytest.mark.skipif(not CURL, reason="curl is not installed")
def test_curl_calls_a_function_url_by_path_and_by_name(account: LocalAccount) -> None:
    client = account.client("lambda")
    url = client.create_function_url_config(FunctionName="echo", AuthType="NONE")["FunctionUrl"]
    client.add_permission(
        FunctionName="echo", StatementId="u", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
    )
    client.add_permission(
        FunctionName="echo", StatementId="f", Action="lambda:InvokeFunction", Principal="*", InvokedViaFunctionUrl=True
    )
    event = json.loads(run(account, CURL, "-sS", "--http2", "-d", "a=b", url + "form"))
    assert (event["rawPath"], event["isBase64Encoded"]) == ("/form", True)
    port = account.endpoint_url.rpartition(":")[2]
    name = f"{url.rstrip('/').rpartition('/')[2]}.lambda-url.us-east-1.localhost"
    event = json.loads(run(account, CURL, "-sS", "--resolve", f"{name}:{port}:127.0.0.1", f"http://{name}:{port}/named"))
    assert (event["rawPath"], event["requestContext"]["domainName"]) == ("/named", name)


@pytest.mark.skipif(not AWS, reason="the AWS CLI is not installed (`./course test` installs it into .venv-tools)")
def test_the_aws_cli_works_as_learners_type_it(account: LocalAccount, tmp_path: Path) -> None:
    assert json.loads(run(account, AWS, "sts", "get-caller-identity", cwd=tmp_path))["Account"] == "123456789012"
    payload = ["--cli-binary-format", "raw-in-base64-out"] if run(account, AWS, "--version").startswith("aws-cli/2") else []
    answer = run(
        account, AWS, "lambda", "invoke", "--function-name", "echo", "--payload", '{"a": 1}', *payload, "out", cwd=tmp_path
    )
    assert json.loads(answer)["StatusCode"] == 200
    assert json.loads((tmp_path / "out").read_text()) == {"a": 1}
    (tmp_path / "big").write_bytes(b"x" * 9_000_000)
    run(account, AWS, "s3", "mb", "s3://from-the-cli", cwd=tmp_path)
    run(account, AWS, "s3", "cp", "big", "s3://from-the-cli/a b/big", cwd=tmp_path)
    assert "9000000" in run(account, AWS, "s3", "ls", "s3://from-the-cli/a b/", cwd=tmp_path)
    run(account, AWS, "s3", "cp", "s3://from-the-cli/a b/big", "back", cwd=tmp_path)
    assert (tmp_path / "back").stat().st_size == 9_000_000
    assert "/aws/lambda" not in run(account, AWS, "logs", "describe-log-groups", cwd=tmp_path)


def test_the_course_command_serves_an_account(tmp_path: Path) -> None:
    environment = {**os.environ, "COURSE_STATE": str(tmp_path)}
    command = [sys.executable, "-m", "courseware.cli", "account", "--virtual-time", "--seed", "5"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=Path(__file__).parents[3])
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        assert set(ready) == {
            "endpoint_url", "aws_access_key_id", "aws_secret_access_key", "region", "account_id", "control_url", "control_token",
        }  # fmt: skip
    finally:
        process.terminate()
        assert process.wait(20) == 0
        process.stdout.close()
