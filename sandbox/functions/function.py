"""What a Lambda function is: one frozen configuration per version. Pure data; the registry keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.runtime.code import Code

__all__ = ["LATEST", "Code", "FunctionVersion", "LayerRef", "Logging", "Target"]

LATEST = "$LATEST"


@dataclass(frozen=True, slots=True)
class LayerRef:
    """A layer version a function uses: its ARN with version, and the package behind it."""

    arn: str
    code: Code


@dataclass(frozen=True, slots=True)
class Logging:
    log_format: str = "Text"  # Text | JSON
    application_level: str = ""  # JSON only
    system_level: str = ""  # JSON only
    log_group: str = ""


@dataclass(frozen=True, slots=True)
class FunctionVersion:
    """``$LATEST`` or one published, immutable version. Times are epoch seconds; field names follow the API's, in snake case."""

    account_id: str
    region: str
    name: str
    version: str
    runtime: str
    role: str
    handler: str
    code: Code
    revision_id: str
    last_modified: float
    description: str = ""
    timeout_s: int = 3
    memory_mb: int = 128
    tmp_mb: int = 512
    variables: Mapping[str, str] | None = None
    layers: tuple[LayerRef, ...] = ()
    logging: Logging = field(default_factory=Logging)
    tracing_mode: str = "PassThrough"
    dead_letter_arn: str = ""
    architectures: tuple[str, ...] = ("x86_64",)
    kms_key_arn: str = ""
    snap_start: str = "None"
    vpc: Mapping[str, Any] | None = None
    state: str = "Active"
    last_update_status: str = "Successful"
    generation: int = 0  # one per change of code or configuration: an environment of another generation is stale
    file_systems: tuple[Mapping[str, Any], ...] = ()
    runtime_version_arn: str = ""  # set only by PutRuntimeManagementConfig; the host's interpreter runs all the same

    @property
    def arn(self) -> str:
        """Unqualified ARN of the function."""
        return f"arn:aws:lambda:{self.region}:{self.account_id}:function:{self.name}"

    @property
    def qualified_arn(self) -> str:
        return f"{self.arn}:{self.version}"

    @property
    def log_group(self) -> str:
        return self.logging.log_group or f"/aws/lambda/{self.name}"


@dataclass(frozen=True, slots=True)
class Target:
    """A resolved invocation target: the version that runs, and the ARN the caller used (it carries the alias)."""

    version: FunctionVersion
    invoked_arn: str
    qualifier: str = ""  # alias name, version number, $LATEST or "" as the caller wrote it
    alias: str = ""
