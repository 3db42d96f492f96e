from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.iam.operations import CallSite, checks_for
from sandbox.iam.principal import Principal

ACCOUNT = "123456789012"
USER = Principal("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/bob", user_id="AIDABOB", user_name="bob")

Asked = list[tuple[str, str]]


def site(known: dict[tuple[str, str], str] | None = None, **more: Any) -> CallSite:
    answers = known or {}
    return CallSite(
        ACCOUNT, "us-east-1", more.pop("principal", USER), find=lambda kind, name: answers.get((kind, name), ""), **more
    )


@pytest.fixture
def asked() -> Callable[..., Asked]:
    """``asked(service, operation, params)`` → the actions and resources of the checks."""

    def ask(service: str, operation: str, params: dict[str, Any] | None = None, **known: str) -> Asked:
        where = site({tuple(kind.split("|")): arn for kind, arn in known.items()})  # type: ignore[misc]
        return [(check.action, check.resource) for check in checks_for(service, operation, params or {}, where)]

    return ask


@pytest.fixture
def keys() -> Callable[..., dict[str, Any]]:
    """The condition keys of the first check."""

    def ask(service: str, operation: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        return dict(checks_for(service, operation, params or {}, site(**more))[0].context)

    return ask
