"""A real account over real HTTP for a whole file, empty before each test; roles and functions to put into it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import LocalAccount, local_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def _zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


def _make_role(account: LocalAccount, name: str = "function", policies: dict[str, Any] | None = None) -> str:
    iam = account.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=BASIC)
    if policies:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policies))
    return arn


def _make_function(account: LocalAccount, role: str, body: str, name: str = "f", **config: Any) -> Any:
    source = "import json, os, sys, time\n\ndef handler(event, context):\n" + "".join(
        f"    {line}\n" for line in body.splitlines()
    )
    client = account.client("lambda")
    client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": _zipped(source)}, **config
    )
    return client


def _code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


@pytest.fixture(name="shared", scope="module")
def account_of_a_file() -> Iterator[LocalAccount]:
    with local_account(seed=3) as account:
        yield account


@pytest.fixture(name="account")
def empty_account(shared: LocalAccount) -> LocalAccount:
    shared.reset()
    return shared


@pytest.fixture(name="zipped")
def zipper() -> Callable[[str], bytes]:
    return _zipped


@pytest.fixture(name="make_role")
def role_maker() -> Callable[..., str]:
    return _make_role


@pytest.fixture(name="make_function")
def function_maker() -> Callable[..., Any]:
    return _make_function


@pytest.fixture(name="code_of")
def error_code() -> Callable[[Callable[[], Any]], str]:
    """The code of the AWS error that a call ends with."""
    return _code_of
