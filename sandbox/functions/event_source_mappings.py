"""Event source mappings: which queue, stream or topic a function reads. Stored here; polling is another room's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """``settings`` are the members of AWS's configuration beyond these, defaults filled in, spelled as the API does."""

    uuid: str
    account_id: str
    region: str
    function_arn: str  # with the qualifier the caller gave
    source_arn: str
    modified: float
    state: str  # Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting
    reason: str  # AWS's StateTransitionReason: USER_INITIATED for queues, "User action" for streams
    last_result: str = ""  # streams: "No records processed" until the first batch
    settings: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account_id}:event-source-mapping:{self.uuid}"

    @property
    def enabled(self) -> bool:
        return self.state in {"Creating", "Enabling", "Enabled", "Updating"}
