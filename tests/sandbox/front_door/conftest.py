"""An account in this interpreter with functions behind API Gateway."""

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
class Gateway:
    """``function`` makes one that API Gateway may call; ``http_api`` an HTTP API with routes to functions."""

    account: InprocessAccount
    role: str
    made: int = 0

    def function(self, body: str = "return event", *, permit: bool = True) -> str:
        name = f"behind-{self.made}"
        self.made += 1
        source = "import json, os, time\n\ndef handler(event, context):\n" + "".join(
            f"    {line}\n" for line in body.splitlines()
        )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("app.py", source)
        client = self.account.client("lambda")
        arn: str = client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler="app.handler",
            Timeout=60,
            Code={"ZipFile": buffer.getvalue()},
        )["FunctionArn"]
        if permit:
            client.add_permission(
                FunctionName=name,
                StatementId="gateway",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
            )
        return arn

    def http_api(self, routes: dict[str, str], *, payload: str = "2.0", stage: str = "$default", **api: Any) -> HttpApi:
        client = self.account.client("apigatewayv2")
        made = client.create_api(Name="shop", ProtocolType="HTTP", **api)
        shop = HttpApi(self.account, client, made["ApiId"], made["ApiEndpoint"])
        for key, function in routes.items():
            shop.route(key, function, payload)
        shop.stage(stage)
        return shop


@dataclass
class HttpApi:
    account: InprocessAccount
    client: Any
    api_id: str
    endpoint: str

    def route(self, key: str, function: str, payload: str = "2.0", timeout_ms: int = 30_000, **more: Any) -> None:
        integration = self.client.create_integration(
            ApiId=self.api_id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=function,
            PayloadFormatVersion=payload,
            TimeoutInMillis=timeout_ms,
        )["IntegrationId"]
        self.client.create_route(ApiId=self.api_id, RouteKey=key, Target=f"integrations/{integration}", **more)

    def stage(self, name: str, **more: Any) -> None:
        self.client.create_stage(ApiId=self.api_id, StageName=name, **{"AutoDeploy": True, **more})

    def call(self, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
        return self.account.http_call(self.endpoint + path, method, headers or {}, body)

    def event(self, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
        """What the function was given; its handler returns the event in a body."""
        return json.loads(self.call(path, method, headers, body).body)


@pytest.fixture(name="gateway")
def gateway_of_a_fresh_account() -> Iterator[Gateway]:
    with inprocess_account(seed=11) as account:
        iam = account.client("iam")
        role = iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        yield Gateway(account, role)


@pytest.fixture(name="signed")
def signer() -> Callable[..., dict[str, str]]:
    """Headers of a request signed for ``execute-api``."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    def sign(url: str, key: str, secret: str, method: str = "GET", region: str = "us-east-1") -> dict[str, str]:
        request = AWSRequest(method=method, url=url)
        SigV4Auth(Credentials(key, secret), "execute-api", region).add_auth(request)
        return dict(request.headers.items())

    return sign


@dataclass
class RestApi:
    """A REST API; changes show after ``deploy``."""

    account: InprocessAccount
    client: Any
    api_id: str

    def resource(self, path: str) -> str:
        """The id of a resource, made with its parents where it is missing."""
        known = {row["path"]: row["id"] for row in self.client.get_resources(restApiId=self.api_id, limit=500)["items"]}
        at = ""
        parent = known["/"]
        for part in [part for part in path.split("/") if part]:
            at += "/" + part
            if at not in known:
                made = self.client.create_resource(restApiId=self.api_id, parentId=parent, pathPart=part)
                known[at] = made["id"]
            parent = known[at]
        return parent

    def method(
        self, verb: str, path: str, function: str = "", kind: str = "AWS_PROXY", integration: Any = None, **more: Any
    ) -> None:
        resource = {"restApiId": self.api_id, "resourceId": self.resource(path), "httpMethod": verb}
        self.client.put_method(**resource, **{"authorizationType": "NONE", **more})
        uri = {"uri": invoke_uri(function), "integrationHttpMethod": "POST"} if function else {}
        self.client.put_integration(**resource, type=kind, **uri, **(integration or {}))

    def answer(self, verb: str, path: str, status: str, **more: Any) -> None:
        resource = {"restApiId": self.api_id, "resourceId": self.resource(path), "httpMethod": verb, "statusCode": status}
        parameters = dict.fromkeys(more.get("responseParameters", {}), False)
        self.client.put_method_response(**resource, responseParameters=parameters)
        self.client.put_integration_response(**resource, **more)

    def deploy(self, stage: str = "dev") -> None:
        self.client.create_deployment(restApiId=self.api_id, stageName=stage)

    def call(self, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
        address = f"https://{self.api_id}.execute-api.us-east-1.amazonaws.com/dev{path}"
        return self.account.http_call(address, method, headers or {}, body)

    def event(self, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
        return json.loads(self.call(path, method, headers, body).body)


def invoke_uri(function: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"


@pytest.fixture(name="rest")
def rest_api(gateway: Gateway) -> RestApi:
    client = gateway.account.client("apigateway")
    return RestApi(gateway.account, client, client.create_rest_api(name="shop")["id"])
