"""AWS Signer, Lambda's look at signatures, and the metric of what it only warned of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control_plane.signer import Signer
from sandbox.functions.function import FunctionVersion

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


def wire_signing(account: Account) -> None:
    def count(version: FunctionVersion) -> None:
        """Lambda guide, "Types of metrics": deployments that Warn let through in spite of a failed validation."""
        place = (version.account_id, version.region, "AWS/Lambda", "SignatureValidationErrors")
        account.metrics.put(*place, {"FunctionName": version.name}, 1.0, "Count", account.clock.now())

    signer = Signer(account.plane.services, account.errands, account.clock, account.plane.fetch_s3)
    account.registry.signature_of = signer.signature_of
    account.registry.count_untrusted = count
    account.on_reset.append(signer.clear)
