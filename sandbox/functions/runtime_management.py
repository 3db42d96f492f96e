"""When a version takes a new patch of its runtime. Stored and returned only: this account has one interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class RuntimeManagement:
    """``runtime_version_arn`` is set exactly when ``update_on`` is Manual."""

    update_on: str = "Auto"
    runtime_version_arn: str = ""


def runtime_version_arn(region: str, runtime: str) -> str:
    """An ARN in AWS's form, the same for one runtime in every run; AWS's own digests are not reproduced."""
    return f"arn:aws:lambda:{region}::runtime:{sha256(runtime.encode()).hexdigest()}"
