"""Who makes a call, and the set of policies that speaks about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.network.ground import Place

PrincipalKind = Literal["root", "user", "role", "service", "federated", "anonymous"]
PolicyDocument = Mapping[str, Any]  # a parsed policy, as json.loads gives it


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. ``arn`` is what AWS puts into a denial: the user's, or the role session's under ``sts``.

    A service's ``arn`` is its name (``events.amazonaws.com``), a federated caller's the identity provider's ARN or host.
    """

    kind: PrincipalKind
    account_id: str
    arn: str
    user_id: str = ""
    user_name: str = ""
    role_arn: str = ""  # kind == "role": arn:aws:iam::account:role/name
    session_name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    source_function_arn: str = ""  # set for credentials minted for a function: lambda:SourceFunctionArn
    canonical_user_id: str = ""  # of the account, for S3's {"CanonicalUser": …}
    place: Place | None = field(default=None, compare=False)  # of a function in a VPC: where its connections start
    access_key_id: str = ""  # of a temporary credential: two sessions of one name may carry different session policies


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A document and what to call it in an explanation, such as ``inline:logs`` or ``arn:aws:iam::aws:policy/…``."""

    name: str
    document: PolicyDocument


@dataclass(frozen=True, slots=True)
class Membership:
    """Where an account stands in AWS Organizations. ``path`` leads down to its unit and ends with a slash: ``o-…/r-…/ou-…/``."""

    organization_id: str
    path: str
    management_account_id: str


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Everything attached to one principal. ``session`` is None when no session policy was passed; ``boundary`` likewise.

    ``service_control`` holds one tuple per level of the organization, root first; each level must allow. ``membership`` is None
    for an account outside of organizations.
    """

    identity: tuple[NamedPolicy, ...] = ()
    boundary: NamedPolicy | None = None
    session: tuple[NamedPolicy, ...] | None = None
    service_control: tuple[tuple[NamedPolicy, ...], ...] = ()
    membership: Membership | None = None


def anonymous() -> Principal:
    return Principal(kind="anonymous", account_id="", arn="*")


def service(name: str, account_id: str = "") -> Principal:
    """An AWS service acting for ``account_id``, such as ``s3.amazonaws.com`` delivering an event."""
    return Principal(kind="service", account_id=account_id, arn=name)


def federated(provider: str, account_id: str = "") -> Principal:
    """The bearer of a web identity token or SAML assertion, before it has assumed a role."""
    return Principal(kind="federated", account_id=account_id, arn=provider)
