"""Whom a resource's own policy speaks about: every form of ``Principal`` and ``NotPrincipal``.

How a caller is named decides what the grant is worth (IAM user guide, "Policy evaluation for requests within a single account"):
a user or a role session named itself needs nothing else; a role named by its ARN is still held by its boundary and session
policy; a named account only delegates to its own identity policies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.iam.principal import Principal

Grant = Literal["direct", "role", "everyone", "account"]  # strongest first
STRENGTH: Final[tuple[Grant, ...]] = ("direct", "role", "everyone", "account")
NOT_PRINCIPAL_ALONE: Final = "NotPrincipal-without-the-account"


@dataclass(frozen=True, slots=True)
class Grantees:
    """``aws`` holds users, roles, sessions and unique ids as written; accounts are told apart from them."""

    everyone: bool
    aws: frozenset[str]
    accounts: frozenset[str]
    services: frozenset[str]
    federated: frozenset[str]
    canonical: frozenset[str]
    inverted: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Grantees | None:
        """None when the statement names no principal at all, as in identity policies."""
        inverted = "NotPrincipal" in row
        written = row.get("NotPrincipal" if inverted else "Principal")
        if written is None:
            return None
        named: Mapping[str, Any] = {"AWS": written} if isinstance(written, str) else written
        aws = _texts(named.get("AWS"))
        accounts = frozenset(account for text in aws if (account := _account(text)))
        return cls(
            everyone="*" in aws,
            aws=frozenset(text for text in aws if text != "*" and not _account(text)),
            accounts=accounts,
            services=frozenset(_texts(named.get("Service"))),
            federated=frozenset(_texts(named.get("Federated"))),
            canonical=frozenset(_texts(named.get("CanonicalUser"))),
            inverted=inverted,
        )

    def grant(self, principal: Principal) -> Grant | None:
        """How this names the caller, or None. ``NotPrincipal`` that does not list the caller counts as everyone."""
        named = self._named(principal)
        if self.inverted:
            return None if named else "everyone"
        return named

    def open_question(self, principal: Principal) -> bool:
        """``NotPrincipal`` with the caller but not its account: AWS says such a Deny "might" still catch the caller."""
        if not self.inverted or principal.kind in ("service", "federated", "anonymous"):
            return False
        return self._named(principal) in ("direct", "role") and principal.account_id not in self.accounts

    def _named(self, principal: Principal) -> Grant | None:
        kind = principal.kind
        if kind in ("service", "federated"):
            names = self.services if kind == "service" else self.federated
            if principal.arn in names or "*" in names:
                return "direct"
        elif kind != "anonymous" and (named := self._named_identity(principal)):
            return named
        return "everyone" if self.everyone else None

    def _named_identity(self, principal: Principal) -> Grant | None:
        if principal.arn in self.aws or (principal.user_id and principal.user_id in self.aws):
            return "direct"
        if principal.kind == "role" and (principal.role_arn in self.aws or principal.user_id.partition(":")[0] in self.aws):
            return "role"
        if self.everyone:
            return "everyone"
        if principal.account_id in self.accounts or (
            principal.canonical_user_id and principal.canonical_user_id in self.canonical
        ):
            return "account"
        return None


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(item) for item in value]


def _account(text: str) -> str:
    """The account id of ``123456789012`` or ``arn:aws:iam::123456789012:root``, else an empty string."""
    if len(text) == 12 and text.isdigit():
        return text
    if text.startswith("arn:") and text.endswith(":root"):
        parts = text.split(":")
        if len(parts) == 6 and parts[2] == "iam":
            return parts[4]
    return ""
