"""What the account lends to resources that wait for something outside: custom resources' answers, CodeDeploy's ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sandbox.deployment.stack import Resource, Stack


@dataclass(frozen=True, slots=True)
class Mailbox:
    """``wait`` is given a callback, which gets the answer as a dictionary or None when nobody answered in time."""

    url: str
    wait: Callable[[Callable[[Any], None]], None]


class Loan(Protocol):
    def now(self) -> datetime: ...

    def mailbox(self, request_id: str, timeout_s: float) -> Mailbox: ...

    def app_spec(self, function: str, alias: str, current: str, target: str, hooks: Mapping[str, str]) -> str: ...

    def deployment_ended(self, deployment_id: str, done: Callable[[Any], None]) -> None:
        """``done`` gets an empty string for success, else why not."""

    def holder(self, stack: Stack, made: Resource) -> str:
        """The ARN of the stack, this one or another of its account and Region, that has such a resource already; or empty."""

    def check_exports(self, stack: Stack) -> None:
        """AwsError when another stack exports one of the names already, or uses one that goes away."""
