"""Code signing configurations, and what they let through when code or layers are deployed (Lambda guide, "Code signing")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.errors import AwsError
from sandbox.functions.function import Code


@dataclass(frozen=True, slots=True)
class CodeSigningConfig:
    id: str
    arn: str
    publishers: tuple[str, ...]  # signing profile version ARNs
    modified: float
    description: str = ""
    untrusted_artifact: str = "Warn"  # Warn | Enforce
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a package says of its signer. ``intact``: it is what was signed."""

    profile_version_arn: str
    intact: bool
    expired: bool = False
    revoked: bool = False


SignatureOf = Callable[[bytes], Signature | None]
"""A package's signature, None for a package that has none."""


def unsigned(_archive: bytes) -> Signature | None:
    """Where there is no signer."""
    return None


def check_signatures(config: CodeSigningConfig | None, name: str, codes: Iterable[Code], signature_of: SignatureOf) -> bool:
    """False when a package is not to be trusted and the policy is Warn.

    Raises CodeVerificationFailedException under Enforce, and InvalidCodeSignatureException under either policy for a package
    that was changed after it was signed (API reference, errors of CreateFunction). The first text as in aws/aws-cdk#29474.
    """
    if config is None:
        return True
    trusted = True
    for code in codes:
        found = signature_of(code.data)
        if found is not None and not found.intact:
            message = f"Lambda cannot deploy the function. The code package of {name} has been changed since it was signed."
            raise AwsError("InvalidCodeSignatureException", message, 400, fields={"Type": "User"})
        why = _distrust(config, found)
        if why and config.untrusted_artifact == "Enforce":
            message = f"Lambda cannot deploy the function. The function or layer might be signed using a signature that {why}. "
            message += f"Check the provided signature for {name}."
            raise AwsError("CodeVerificationFailedException", message, 400, fields={"Type": "User"})
        trusted = trusted and not why
    return trusted


def _distrust(config: CodeSigningConfig, found: Signature | None) -> str:
    if found is None or found.profile_version_arn not in config.publishers:
        return "the client is not configured to accept"
    return "has been revoked" if found.revoked else "has expired" if found.expired else ""
