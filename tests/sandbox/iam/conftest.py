from __future__ import annotations

from typing import Any

import pytest

from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.verdict import Check, Verdict

ACCOUNT = "123456789012"
OTHER = "999999999999"


def statement(effect: str = "Allow", action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return {name: value for name, value in row.items() if value is not None}


def document(*rows: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(rows)}


def named(name: str, *rows: dict[str, Any]) -> NamedPolicy:
    return NamedPolicy(name, document(*rows))


def user(name: str = "bob", account: str = ACCOUNT, **more: Any) -> Principal:
    arn = f"arn:aws:iam::{account}:user/{name}"
    return Principal("user", account, arn, user_id="AIDABOB", user_name=name, **more)


def session(role: str = "app", account: str = ACCOUNT, name: str = "s", **more: Any) -> Principal:
    return Principal(
        "role",
        account,
        f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
        user_id=f"AROAAPP:{name}",
        role_arn=f"arn:aws:iam::{account}:role/{role}",
        session_name=name,
        **more,
    )


class Iam:
    """The builders above and one way to ask, for tests that need no more."""

    statement = staticmethod(statement)
    document = staticmethod(document)
    named = staticmethod(named)
    user = staticmethod(user)
    session = staticmethod(session)
    account = ACCOUNT
    other = OTHER

    @staticmethod
    def ask(
        principal: Principal,
        action: str,
        resource: str,
        *rows: dict[str, Any],
        own: Any = None,
        context: dict[str, Any] | None = None,
        owner: str = "",
        **kinds: Any,
    ) -> Verdict:
        """``rows`` make the one identity policy; ``own`` is the resource's policy."""
        policies = PolicySet(identity=(named("identity", *rows),) if rows else (), **kinds)
        own_policy = NamedPolicy("own", own) if own is not None else None
        return evaluate(principal, Check(action, resource, context or {}, owner), policies, own_policy)


@pytest.fixture
def iam() -> type[Iam]:
    return Iam
