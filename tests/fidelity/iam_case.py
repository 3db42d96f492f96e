"""One documented policy, the request it is asked about, and the decision its page says it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.verdict import Check

A, B = "111122223333", "444455556666"
YES, NO, DENIED = "allowed", "implicitDeny", "explicitDeny"


def user(name: str = "JohnDoe", account: str = A, **more: Any) -> Principal:
    return Principal(
        "user", account, f"arn:aws:iam::{account}:user/{name}", user_id="AIDAJQABLZS4A3QDU576Q", user_name=name, **more
    )


def role(name: str = "ExampleRole", account: str = A, **more: Any) -> Principal:
    session = f"arn:aws:sts::{account}:assumed-role/{name}/session"
    return Principal("role", account, session, user_id="AROAX:session", role_arn=f"arn:aws:iam::{account}:role/{name}", **more)


def allow(
    action: Any = "*", resource: Any = "*", condition: Any = None, principal: Any = None, effect: str = "Allow"
) -> dict[str, Any]:
    row = {"Effect": effect, "Action": action, "Resource": resource, "Condition": condition, "Principal": principal}
    return {name: value for name, value in row.items() if value is not None}


def deny(action: Any = "*", resource: Any = "*", condition: Any = None, principal: Any = None) -> dict[str, Any]:
    return allow(action, resource, condition, principal, "Deny")


@dataclass(frozen=True)
class Case:
    source: str
    decision: str
    action: str
    resource: str
    identity: tuple[dict[str, Any], ...] = ()
    who: Principal = field(default_factory=user)
    context: dict[str, Any] = field(default_factory=dict)
    own: tuple[dict[str, Any], ...] | None = None
    boundary: tuple[dict[str, Any], ...] | None = None
    session: tuple[dict[str, Any], ...] | None = None
    scps: tuple[tuple[dict[str, Any], ...], ...] = ()
    owner: str = ""
    version: str = "2012-10-17"

    def named(self, rows: tuple[dict[str, Any], ...]) -> NamedPolicy:
        return NamedPolicy("p", {"Version": self.version, "Statement": list(rows)})

    def decide(self) -> str:
        policies = PolicySet(
            identity=(self.named(self.identity),),
            boundary=None if self.boundary is None else self.named(self.boundary),
            session=None if self.session is None else (self.named(self.session),),
            service_control=tuple((self.named(level),) for level in self.scps),
        )
        own = None if self.own is None else self.named(self.own)
        return evaluate(self.who, Check(self.action, self.resource, self.context, self.owner), policies, own).decision


BUCKET, OBJECT = "arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/home/JohnDoe/a.txt"
