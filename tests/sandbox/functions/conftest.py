"""A Lambda API over an empty registry, in virtual time, with two accounts' callers."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.functions.api import ApiCaller, LambdaApi
from sandbox.functions.function import Code, FunctionVersion, Target
from sandbox.functions.registry import Registry
from sandbox.iam.principal import Principal
from sandbox.ids import Ids

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/lambda"
BAD_ROLE = f"arn:aws:iam::{ACCOUNT}:role/no-trust"
START = 1_790_000_000.0  # 2026-09-21: before AWS blocks python3.10


def code_of(data: bytes) -> Code:
    """Stands for the zip reader: any bytes are a package of their own size, unless they begin ``unzips to <bytes>;``."""
    if data == b"not a zip":
        raise AwsError("InvalidParameterValueException", "Could not unzip uploaded file.", 400, fields={"Type": "User"})
    digest, claim = hashlib.sha256(data), data.removeprefix(b"unzips to ")
    unzipped = int(claim.partition(b";")[0]) if claim != data else len(data)
    return Code(data, base64.b64encode(digest.digest()).decode(), digest.hexdigest(), unzipped)


@dataclass
class Lab:
    account, other, region, role, bad_role = ACCOUNT, OTHER, REGION, ROLE, BAD_ROLE
    clock: Clock
    registry: Registry
    api: LambdaApi
    objects: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    events: list[tuple[str, FunctionVersion]] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)  # actions the execution role may not call

    def call(self, operation: str, *, account: str = ACCOUNT, region: str = REGION, **params: Any) -> dict[str, Any]:
        principal = Principal(kind="user", account_id=account, arn=f"arn:aws:iam::{account}:user/learner")
        return self.api.handle(operation, params, ApiCaller(account, region, principal))

    def refused(self, operation: str, **params: Any) -> AwsError:
        with pytest.raises(AwsError) as caught:
            self.call(operation, **params)
        return caught.value

    def create(self, name: str = "hello", **params: Any) -> dict[str, Any]:
        given = {"Runtime": "python3.13", "Role": ROLE, "Handler": "app.handler", "Code": {"ZipFile": b"v1"}} | params
        return self.call("CreateFunction", FunctionName=name, **given)

    def create_refused(self, name: str = "hello", **params: Any) -> AwsError:
        with pytest.raises(AwsError) as caught:
            self.create(name, **params)
        return caught.value

    def arn(self, name: str = "hello", qualifier: str = "") -> str:
        base = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        return f"{base}:{qualifier}" if qualifier else base

    def resolve(self, function: str = "hello", qualifier: str | None = None, draw: float = 0.5) -> Target:
        return self.registry.resolve(ACCOUNT, REGION, function, qualifier, draw)

    def publish(self, name: str = "hello", content: bytes | None = None) -> str:
        """A new version number, with fresh code where ``content`` is given."""
        if content is not None:
            self.call("UpdateFunctionCode", FunctionName=name, ZipFile=content)
        return str(self.call("PublishVersion", FunctionName=name)["Version"])


def make_lab(seed: int = 7) -> Lab:
    clock, ids = Clock(virtual=True, start=START), Ids(seed)
    objects: dict[tuple[str, str, str], bytes] = {}

    def fetch(account_id: str, bucket: str, key: str, version: str) -> bytes:
        if bucket == "closed":
            raise AwsError("AccessDenied", "Access Denied", 403)
        if (bucket, key, version) not in objects:
            raise AwsError("NoSuchKey", "The specified key does not exist.", 404)
        return objects[bucket, key, version]

    registry = Registry(
        clock, ids, fetch_s3=fetch, read_package=code_of, runtimes=("python3.10", "python3.12", "python3.13", "python3.14")
    )
    denied: set[str] = set()
    api = LambdaApi(
        registry,
        role_is_assumable=lambda arn: arn != BAD_ROLE,
        role_may=lambda role, action, resource: action not in denied,
        code_location=lambda version: f"http://localhost/code/{version.code.digest}",
    )
    lab = Lab(clock, registry, api, objects, denied=denied)
    registry.on_change(lambda event, version: lab.events.append((event, version)))
    return lab


@pytest.fixture
def lab() -> Lab:
    return make_lab()
