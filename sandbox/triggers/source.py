"""What polling needs to know of queues and streams; ``control_plane`` answers it from its state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sandbox.clock import Clock
from sandbox.delivery.errand import Messenger
from sandbox.faults import Faults
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.functions.function import FunctionVersion
from sandbox.ids import Ids
from sandbox.invocation.call import Call, Done
from sandbox.telemetry.metrics import Metrics
from sandbox.telemetry.timeline import Timeline

Fate = Literal["queued", "dead_lettered", "gone"]


@dataclass(frozen=True, slots=True)
class Record:
    """One message or stream record. ``event`` is what the function sees, ``view`` what a filter sees, ``id`` how a function
    names it in ``batchItemFailures``, ``key`` what keeps its order, ``handle`` a queue's receipt.
    """

    id: str
    event: Mapping[str, Any]
    view: Mapping[str, Any]
    size: int
    arrived: float
    key: str = ""
    handle: str = ""


class Sources(Protocol):
    """Looks, never calls: nothing of this is an API operation, so nothing of it is recorded or billed."""

    def visibility_s(self, queue_arn: str) -> int | None:
        """The queue's visibility timeout; None when there is no such queue."""

    def has_stream(self, stream_arn: str) -> bool: ...

    def retention_s(self, stream_arn: str) -> float:
        """How long the stream keeps a record."""

    def next_visible(self, queue_arn: str, after: float = 0.0) -> float | None:
        """When the first message can be received at the earliest (past or now: at once), looking only beyond ``after``."""

    def fates(self, queue_arn: str, ids: Collection[str]) -> Mapping[str, Fate]:
        """What became of messages that were received and not deleted."""

    def has_records(self, stream_arn: str, iterator: str) -> bool:
        """Whether a shard holds anything beyond an iterator."""


class Functions(Protocol):
    """What polling asks of the registry and the invoker."""

    def version_at(self, arn: str) -> FunctionVersion | None: ...

    def settle(self) -> None: ...

    def note_result(self, mapping: EventSourceMapping, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    messenger: Messenger
    invoke: Callable[[Call, Done], None]
    clock: Clock
    ids: Ids
    timeline: Timeline
    metrics: Metrics
    functions: Functions
    sources: Sources
    faults: Faults | None = None
