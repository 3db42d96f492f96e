"""What a check holds in its hands: clients of the account, HTTP from outside, and the control channel where there is one."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from autograder.checks.learner_lab import account_number
from autograder.errors import GraderFault

RESPONSE_BYTES_MAX = 8_000_000
HTTP_TIMEOUT_S = 30


class Control(Protocol):
    """The account's control channel; absent on a real AWS account."""

    def advance(self, seconds: float) -> dict[str, Any]: ...

    def calls(self, since: int = 0, **filters: Any) -> list[dict[str, Any]]: ...

    def now(self) -> dict[str, Any]: ...

    def add_fault(self, **rule: Any) -> dict[str, Any]: ...

    def remove_fault(self, id: str) -> dict[str, Any]: ...  # noqa: A002  # the rule's own name for it

    def add_account(self, account_id: str) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer as a client outside sees it; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, or None when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Session:
    """Clients and HTTP for one account. Without ``endpoint_url`` boto3's own routing decides (the page, or AWS itself)."""

    def __init__(
        self, boto_session: boto3.session.Session, *, endpoint_url: str | None = None, control: Control | None = None
    ) -> None:
        self._boto = boto_session
        self._endpoint_url = endpoint_url
        self._clients: dict[str, Any] = {}
        self.control = control

    @property
    def region(self) -> str:
        return self._boto.region_name or "us-east-1"

    def client(self, service: str) -> Any:
        """A boto3 client with the learner's credentials, made once."""
        if service not in self._clients:
            make: Callable[..., Any] = self._boto.client
            self._clients[service] = make(service, endpoint_url=self._endpoint_url)
        return self._clients[service]

    def elsewhere(self, name: str) -> Session:
        """A session of the administrator of the account that the lab's cells know as ``lab.account(name)``."""
        if self.control is None:
            raise GraderFault(f"there is no account {name!r} beside this one")
        made = self.control.add_account(account_number(name))
        return self._with_keys(made["aws_access_key_id"], made["aws_secret_access_key"])

    def assuming(self, role_arn: str, **more: str) -> Session:
        """A session of a role; raises ClientError when its trust, or the caller's own rights, say no."""
        keys = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="check", **more)["Credentials"]
        return self._with_keys(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    def _with_keys(self, key: str, secret: str, token: str | None = None) -> Session:
        boto = boto3.session.Session(key, secret, token, region_name=self.region)
        return Session(boto, endpoint_url=self._endpoint_url, control=self.control)

    def wait(self, seconds: float) -> None:
        """Let time pass: at once on an account with a control channel, really on AWS (and in the page, whose sleep is a jump)."""
        if self.control is not None:
            self.control.advance(seconds)
        else:
            time.sleep(seconds)  # noqa: TID251 - AWS has no other clock

    def now(self) -> float:
        """The account's time in seconds since 1970."""
        return float(self.control.now()["now"]) if self.control is not None else time.time()  # noqa: TID251

    @contextmanager
    def broken(self, **rule: Any) -> Iterator[bool]:
        """While it is open, a fault rule lets matching calls fail; False where the account takes no rules, as AWS does not."""
        made = self.control.add_fault(**rule) if self.control is not None else None
        try:
            yield made is not None
        finally:
            if self.control is not None and made is not None:
                self.control.remove_fault(made["id"])

    def http(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        signed: bool = False,
    ) -> HttpAnswer:
        """Call ``url`` from outside, unsigned or signed with the learner's credentials (SigV4, service ``lambda``)."""
        request = AWSRequest(method=method, url=url, headers=dict(headers or {}), data=body)
        if signed:
            credentials = self._boto.get_credentials()
            if credentials is None:
                raise GraderFault("the session has no credentials to sign with")
            SigV4Auth(credentials, "lambda", self.region).add_auth(request)
        wire = urllib.request.Request(url, data=body or None, method=method, headers=dict(request.headers.items()))  # noqa: S310
        try:
            with urllib.request.urlopen(wire, timeout=HTTP_TIMEOUT_S) as answer:  # noqa: S310 - the URL came from the account
                return _answer(answer.status, answer.headers, answer.read(RESPONSE_BYTES_MAX))
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read(RESPONSE_BYTES_MAX))


def _answer(status: int, headers: Any, body: bytes) -> HttpAnswer:
    return HttpAnswer(status, {key.lower(): value for key, value in headers.items()}, body)
