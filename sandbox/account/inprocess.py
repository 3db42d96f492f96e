"""``inprocess_account``: an account in this interpreter, behind botocore's hook, functions run inline. The browser's kind."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.account.settings import Settings
from sandbox.account.wiring import Account
from sandbox.clock import Clock
from sandbox.control.face import LocalControl
from sandbox.front_door.inprocess import InprocessDoor, say_patience
from sandbox.http_message import HttpResponse
from sandbox.runtime.environment import Runtime

_CHOSEN_ELSEWHERE = ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
_doors: list[InprocessDoor] = []  # open accounts, the latest last: clients made by the way reach that one


class InprocessAccount:
    """What ``inprocess_account`` gives: clients bound to this account, Function URL calls, the control channel."""

    def __init__(self, account: Account, door: InprocessDoor) -> None:
        self.account = account
        self.door = door
        self.region = account.settings.region
        self.account_id = account.settings.account_id
        self.control = LocalControl(account.commands)
        self._session: Any = None

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of the learner (or of the keys given) that reaches this account and no other."""
        import boto3  # noqa: PLC0415  # the core imports without it
        from botocore.config import Config  # noqa: PLC0415

        learner = self.account.learner
        own = {
            "region_name": self.region,
            "aws_access_key_id": learner.access_key_id,
            "aws_secret_access_key": learner.secret_access_key,
            "config": Config(retries={"total_max_attempts": 1}),
        }
        chosen: dict[str, Any] = {**own, **options}
        if self._session is None:
            self._session = boto3.session.Session()
        client = self._session.client(service, **chosen)
        self.door.attach(client.meta.events)
        return client

    def http_call(
        self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpResponse:
        return self.door.http_call(url, method, headers, body)

    def environ(self) -> dict[str, str]:
        """The learner's keys and Region; there is no address, since the hook needs none."""
        learner = self.account.learner
        return {
            "AWS_ACCESS_KEY_ID": learner.access_key_id,
            "AWS_SECRET_ACCESS_KEY": learner.secret_access_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
        }

    def reset(self) -> None:
        self.account.reset()


@contextmanager
def inprocess_account(settings: Settings | None = None, **choices: Any) -> Iterator[InprocessAccount]:
    """While it is open, boto3 and ``urllib.request`` of this interpreter reach it unconfigured. ``choices`` are fields of
    ``Settings``; time is virtual unless they say otherwise.
    """
    chosen = settings or Settings(**{"virtual_time": True, **choices})
    account = Account(chosen, partial(_inline, measured=not (chosen.repeatable and chosen.virtual_time)))
    door = InprocessDoor(account)
    opened = InprocessAccount(account, door)
    with ExitStack() as stack:
        stack.callback(account.close)
        stack.enter_context(_environment(opened.environ()))
        stack.enter_context(_ambient_boto3(door))
        stack.enter_context(_ambient_urllib(door))
        yield opened


def _inline(clock: Clock, scratch: Path, *, measured: bool) -> Runtime:
    from sandbox.runtime.inline import InlineRuntime  # noqa: PLC0415  # native accounts never need it

    return InlineRuntime(clock, root=scratch / "inline", measured=measured)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    kept = {name: os.environ.get(name) for name in (*variables, *_CHOSEN_ELSEWHERE)}
    for name in _CHOSEN_ELSEWHERE:
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _ambient_boto3(door: InprocessDoor) -> Iterator[None]:
    """Clients made while the account is open, by whomever, go to the innermost open account; boto3's default session is new."""
    import boto3  # noqa: PLC0415
    import botocore.handlers as builtin  # noqa: PLC0415

    for handler in (("before-send.*.*", _send_to_innermost), ("request-created.*.*", say_patience)):
        if handler not in builtin.BUILTIN_HANDLERS:
            builtin.BUILTIN_HANDLERS.append(handler)
    _doors.append(door)
    previous, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = previous
        _doors.remove(door)


def _send_to_innermost(request: Any, **context: Any) -> Any:
    """None (botocore goes on to the network) when no account is open."""
    return _doors[-1].before_send(request, **context) if _doors else None


@contextmanager
def _ambient_urllib(door: InprocessDoor) -> Iterator[None]:
    previous = urllib.request._opener  # type: ignore[attr-defined]  # there is no public way to ask for it
    urllib.request.install_opener(door.opener())
    try:
        yield
    finally:
        urllib.request.install_opener(previous)
