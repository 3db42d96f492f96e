"""An account in this interpreter, and functions behind URLs in it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.account import InprocessAccount, inprocess_account

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass
class DeployedUrl:
    """A function with a URL; ``permit`` adds the two permissions AWS asks for since October 2025."""

    account: InprocessAccount
    name: str
    address: str

    @property
    def lambda_client(self) -> Any:
        return self.account.client("lambda")

    def permit(self, auth: str = "NONE", principal: str = "*", *, url: bool = True, function: bool = True) -> None:
        common = {"FunctionName": self.name, "Principal": principal}
        if url:
            self.lambda_client.add_permission(
                **common, StatementId="url", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType=auth
            )
        if function:
            self.lambda_client.add_permission(
                **common, StatementId="function", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True
            )

    def call(self, path: str = "", method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
        return self.account.http_call(self.address + path, method, headers or {}, body)

    def event(self, path: str = "", method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
        """What the function was given; its handler returns the event."""
        return json.loads(self.call(path, method, headers, body).body)


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=7) as account:
        yield account


@pytest.fixture(name="role", scope="module")
def role_of_functions(account: InprocessAccount) -> str:
    iam = account.client("iam")
    arn: str = iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="function", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    return arn


@pytest.fixture(name="deploy")
def deployer(account: InprocessAccount, role: str) -> Iterator[Callable[..., DeployedUrl]]:
    client = account.client("lambda")
    made: list[str] = []

    def deploy(body: str = "return event", *, auth: str = "NONE", permit: bool = True, **config: Any) -> DeployedUrl:
        name = f"function-{len(made)}"
        source = "import json, os, sys\n\ndef handler(event, context):\n" + "".join(f"    {line}\n" for line in body.splitlines())
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("app.py", source)
        client.create_function(
            FunctionName=name, Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": buffer.getvalue()}
        )
        made.append(name)
        address = client.create_function_url_config(FunctionName=name, AuthType=auth, **config)["FunctionUrl"]
        deployed = DeployedUrl(account, name, address)
        if permit and auth == "NONE":
            deployed.permit()
        return deployed

    yield deploy
    for name in made:
        client.delete_function_url_config(FunctionName=name)
        client.delete_function(FunctionName=name)
