"""One boxed account per backend, and a function in it that runs whatever an attack hands it."""

from __future__ import annotations

import io
import json
import os
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.isolate import BACKENDS, BoxLimits, choose
from sandbox.account import LocalAccount, local_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
LIMITS = BoxLimits(wall_s=2.0, processes=64, file_mb=64)
SECRET = "a-secret-of-the-grader"
HANDLER = '''
import errno, os, signal, socket, subprocess, sys, threading, time
TOKEN = os.urandom(8).hex()

def said(attempt):
    """What came of it: "" for success, else the name of the error."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
    except BaseException as error:
        return type(error).__name__
    return ""

def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as client:
        client.settimeout(2)
        client.connect(address)

def handler(event, context):
    names = dict(globals(), event=event, context=context)
    exec(event.get("code", ""), names)
    return names.get("result")
'''


class Boxed:
    """A backend's account. ``run`` executes a piece of code inside a function and gives what it leaves in ``result``."""

    def __init__(self, backend: str, account: LocalAccount) -> None:
        self.backend = backend
        self.account = account
        self.namespaces = backend != "landlock"
        self._made: set[str] = set()
        self._make_role()

    def _make_role(self) -> None:
        iam = self.account.client("iam")
        self.role = iam.create_role(RoleName="attacker", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]

    def next_submission(self) -> None:
        """The account as a judge hands it to the next one."""
        self.account.reset()
        self._made.clear()
        self._make_role()

    def end(self, name: str) -> None:
        """Delete a function, and with it its environments."""
        self.account.client("lambda").delete_function(FunctionName=name)
        self._made.discard(name)

    def run(self, code: str = "", *, on: str = "attacker", **event: Any) -> Any:
        """The result, or the error document of a function that did not come back."""
        self.function(on)
        payload = json.dumps({"code": textwrap.dedent(code), **event}).encode()
        answer = self.account.client("lambda").invoke(FunctionName=on, Payload=payload)
        return json.loads(answer["Payload"].read() or b"null")

    def function(self, name: str) -> None:
        if name in self._made:
            return
        self._made.add(name)
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("app.py", HANDLER)
            archive.writestr("mine.txt", f"the package of {name}")
        self.account.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler="app.handler",
            Code={"ZipFile": package.getvalue()},
            MemorySize=256,
            Timeout=1 if name == "forger" else 60,
        )

    def still_serves(self) -> bool:
        """Whether another function of the account answers as ever."""
        return bool(self.run("result = 41 + 1", on="bystander") == 42)


@pytest.fixture(scope="session", params=BACKENDS)
def boxed(request: pytest.FixtureRequest) -> Iterator[Boxed]:
    os.environ["GRADER_SECRET"] = SECRET
    try:
        with local_account(virtual_time=True, box=choose(backend=request.param, limits=LIMITS)) as account:
            yield Boxed(request.param, account)
    finally:
        del os.environ["GRADER_SECRET"]


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    """A file of the grader that anybody on the machine may read."""
    path = tmp_path / "checks" / "test_hidden.py"
    for folder in (*reversed(tmp_path.parents[:-2]), tmp_path):
        if folder.owner() == tmp_path.owner():
            folder.chmod(0o755)
    path.parent.mkdir()
    path.write_text(SECRET)
    return path
