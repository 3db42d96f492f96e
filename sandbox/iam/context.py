"""The keys a request brings to a condition or a policy variable."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.iam.principal import Membership, Principal
from sandbox.iam.verdict import ContextValue

_PRINCIPAL_TYPE = {"root": "Account", "user": "User", "role": "AssumedRole", "anonymous": "Anonymous"}


def principal_keys(principal: Principal) -> dict[str, str]:
    """Global keys about the caller (IAM user guide, "AWS global condition context keys"), in AWS's spelling.

    ``aws:PrincipalArn`` of a role session is the role, ``aws:username`` exists for users only.
    """
    kind = principal.kind
    if kind == "service":
        return {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal.arn}
    keys = {"aws:PrincipalIsAWSService": "false"}
    if kind == "federated":
        return keys
    keys["aws:PrincipalType"] = _PRINCIPAL_TYPE[kind]
    if kind == "anonymous":
        keys["aws:userid"] = "anonymous"
        return keys
    about = {
        "aws:PrincipalArn": principal.role_arn if kind == "role" and principal.role_arn else principal.arn,
        "aws:PrincipalAccount": principal.account_id,
        "aws:userid": principal.user_id or (principal.account_id if kind == "root" else ""),
        "aws:username": principal.user_name,
        "lambda:SourceFunctionArn": principal.source_function_arn,
    }
    keys.update({name: value for name, value in about.items() if value})
    for name, value in principal.tags.items():
        keys[f"aws:PrincipalTag/{name}"] = value
    return keys


def membership_keys(membership: Membership) -> dict[str, ContextValue]:
    """Keys of callers whose account is in an organization, its management account included (IAM user guide, same page)."""
    return {
        "aws:PrincipalOrgID": membership.organization_id,
        "aws:PrincipalOrgPaths": (membership.path,),
        "aws:PrincipalOrgMasterAccount": membership.management_account_id,
    }


class Context:
    """Case-insensitive view of a check's keys, with the caller's own keys behind them. ``undecided`` collects open questions."""

    __slots__ = ("_given", "_keys", "_membership", "_own", "_principal", "undecided")

    def __init__(
        self, given: Mapping[str, ContextValue], principal: Principal | None = None, membership: Membership | None = None
    ) -> None:
        self._given = given
        self._membership = membership
        self._principal = principal
        self._keys: dict[str, ContextValue] | None = None
        self._own: dict[str, ContextValue] | None = None
        self.undecided: set[str] = set()

    def values(self, key: str) -> tuple[str, ...] | None:
        """All values of a lower-case key; None when the request does not have it (an empty list is no value either)."""
        keys = self._keys
        if keys is None:
            keys = self._keys = {name.lower(): value for name, value in self._given.items()}
        value = keys.get(key)
        if value is None:
            value = self._of_caller(key)
            if value is None:
                return None
        if isinstance(value, str):
            return (value,)
        return tuple(value) or None

    def one(self, key: str) -> str | None:
        """The value for a policy variable: multivalued keys have none."""
        values = self.values(key)
        return values[0] if values is not None and len(values) == 1 else None

    def _of_caller(self, key: str) -> ContextValue | None:
        if self._principal is None:
            return None
        own = self._own
        if own is None:
            about: dict[str, ContextValue] = dict(principal_keys(self._principal))
            if self._membership is not None:
                about.update(membership_keys(self._membership))
            own = self._own = {name.lower(): value for name, value in about.items()}
        return own.get(key)
