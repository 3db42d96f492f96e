"""A role as IAM holds it: its identity policies, its boundary, its trust policy. Read once, judged as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sandbox.iam.principal import NamedPolicy, PolicySet, Principal


@dataclass(frozen=True, slots=True)
class Role:
    """``functions`` are the functions of the stack that run as it; ``tags`` are the role's own, which each session carries."""

    arn: str
    name: str
    trust: NamedPolicy
    policies: PolicySet
    functions: tuple[str, ...]
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def principals(self) -> tuple[Principal, ...]:
        """Who calls as this role: each of its functions, for a condition may tell them apart (lambda:SourceFunctionArn)."""
        return tuple(self._session(name) for name in self.functions) or (self._session(""),)

    @property
    def account_id(self) -> str:
        return self.arn.split(":")[4]

    def _session(self, function: str) -> Principal:
        source = f"arn:aws:lambda:us-east-1:{self.account_id}:function:{function}" if function else ""
        return Principal(
            kind="role",
            account_id=self.account_id,
            arn=self.arn,
            role_arn=self.arn,
            user_id=f"AROA2IFUNCTIONSROLE1:{function}",
            tags=dict(self.tags),
            source_function_arn=source,
        )


def read_roles(clients: Any, functions: list[str]) -> list[Role]:
    """The roles of these functions, each once, in the order of the functions."""
    used: dict[str, list[str]] = {}
    for function in functions:
        used.setdefault(clients("lambda").get_function_configuration(FunctionName=function)["Role"], []).append(function)
    return [_role(clients("iam"), arn, tuple(names)) for arn, names in used.items()]


def _role(iam: Any, arn: str, functions: tuple[str, ...]) -> Role:
    name = arn.rpartition("/")[2]
    held = iam.get_role(RoleName=name)["Role"]
    policies = [
        NamedPolicy(inline, _document(iam.get_role_policy(RoleName=name, PolicyName=inline)["PolicyDocument"]))
        for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    policies += [_managed(iam, row["PolicyArn"]) for row in attached]
    boundary = held.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return Role(
        arn,
        name,
        NamedPolicy("trust", _document(held["AssumeRolePolicyDocument"])),
        PolicySet(tuple(policies), _managed(iam, boundary) if boundary else None),
        functions,
        tuple((row["Key"], row["Value"]) for row in held.get("Tags", ())),
    )


def _managed(iam: Any, arn: str) -> NamedPolicy:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return NamedPolicy(arn.rpartition("/")[2], _document(document))


def _document(held: Any) -> dict[str, Any]:
    """botocore decodes most policy documents itself; what it leaves is JSON, URL-encoded."""
    return dict(held if isinstance(held, dict) else json.loads(unquote(held)))
