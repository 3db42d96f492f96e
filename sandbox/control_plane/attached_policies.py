"""Policy documents read out of moto's users, groups, roles and managed policies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from sandbox.iam.principal import NamedPolicy, PolicyDocument

_DENY_ALL: PolicyDocument = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


@lru_cache(maxsize=1024)
def _parse(text: str) -> PolicyDocument:
    try:
        document = json.loads(text)
    except ValueError:
        document = json.loads(unquote(text))
    if not isinstance(document, dict):
        raise ValueError("a policy document is a JSON object")
    return document


def parse_document(text: str | bytes | Mapping[str, Any]) -> PolicyDocument:
    """A stored policy document. One that cannot be read denies everything: never let garbage grant."""
    if isinstance(text, Mapping):
        return text
    try:
        return _parse(text.decode() if isinstance(text, bytes) else text)
    except ValueError:
        return _DENY_ALL


def attached(holder: Any) -> tuple[NamedPolicy, ...]:
    """Inline policies, then managed ones (their default version), of a moto user, group or role."""
    inline = getattr(holder, "policies", {})
    found = [NamedPolicy(f"inline:{name}", parse_document(text)) for name, text in inline.items()]
    found += [NamedPolicy(policy.arn, default_version(policy)) for policy in holder.managed_policies.values()]
    return tuple(found)


def boundary_of(backend: Any, holder: Any) -> NamedPolicy | None:
    """The permissions boundary of a user or role; one whose policy is gone allows nothing, as on AWS."""
    arn = getattr(holder, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = backend.managed_policies.get(arn)
    return NamedPolicy(arn, default_version(policy) if policy is not None else {"Version": "2012-10-17", "Statement": []})


def default_version(policy: Any) -> PolicyDocument:
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return parse_document(version.document)
    return _DENY_ALL


def tag_map(rows: Iterable[Mapping[str, str]] | Mapping[str, Any] | None) -> dict[str, str]:
    """``[{Key, Value}]`` or a mapping as moto keeps them, as one mapping."""
    if not rows:
        return {}
    if isinstance(rows, Mapping):
        return {key: value["Value"] if isinstance(value, Mapping) else str(value) for key, value in rows.items()}
    return {row["Key"]: row.get("Value", "") for row in rows}


def trusts_service(trust: PolicyDocument, service: str) -> bool:
    """Whether some statement allows ``sts:AssumeRole`` to the service principal and none denies it."""
    verdicts = set()
    statements = trust.get("Statement", [])
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        principal = statement.get("Principal", {})
        services = ["*"] if principal == "*" else _listed(principal.get("Service", ())) + _listed(principal.get("AWS", ()))
        actions = [action.lower() for action in _listed(statement.get("Action", ()))]
        if (service in services or "*" in services) and any(action in ("sts:assumerole", "sts:*", "*") for action in actions):
            verdicts.add(statement.get("Effect"))
    return "Allow" in verdicts and "Deny" not in verdicts


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
