"""What one account holds of Lambda in one region."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox import facts
from sandbox.functions.code_signing import CodeSigningConfig
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.functions.function_record import FunctionRecord
from sandbox.functions.layers import Layer


@dataclass(slots=True)
class Region:
    account_id: str
    name: str
    functions: dict[str, FunctionRecord] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    mappings: dict[str, EventSourceMapping] = field(default_factory=dict)  # by UUID
    signing: dict[str, CodeSigningConfig] = field(default_factory=dict)  # by ARN

    def code_bytes(self) -> int:
        """Storage used by packages and layers, as GetAccountSettings counts it: every version with its own package."""
        functions = sum(version.code.size for record in self.functions.values() for version in record.versions())
        return functions + sum(version.code.size for layer in self.layers.values() for version in layer.versions.values())

    def unreserved(self, without: str = "") -> int:
        """Concurrency nobody has set aside; ``without`` leaves one function out, whose share is about to change."""
        held = 0
        for name, record in self.functions.items():
            if name == without:
                continue
            ready = sum(config.requested for config in record.provisioned.values())
            held += ready if record.reserved is None else record.reserved
        return facts.default("account_concurrency") - held
