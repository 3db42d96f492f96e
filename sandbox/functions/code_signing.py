"""Code signing configurations: stored and returned; packages are not verified, as no signer exists here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CodeSigningConfig:
    id: str
    arn: str
    publishers: tuple[str, ...]  # signing profile version ARNs
    modified: float
    description: str = ""
    untrusted_artifact: str = "Warn"  # Warn | Enforce
    tags: Mapping[str, str] = field(default_factory=dict)
