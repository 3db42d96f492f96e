"""What every reader of an event source mapping does alike: act in the function's role, invoke, keep books, report."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from sandbox.delivery.errand import Done as Sent
from sandbox.delivery.errand import Errand, Sender, in_role
from sandbox.errors import AwsError
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.functions.function import FunctionVersion
from sandbox.invocation.call import Call, Done
from sandbox.telemetry.balance import Balance
from sandbox.triggers.deliveries import is_transient
from sandbox.triggers.event_filter import EventFilter
from sandbox.triggers.source import Surroundings

PAUSE_S = 60.0  # before a source that refused is asked again
BACKOFF_MAX_S = 60.0
_PASSING = frozenset({"ProvisionedThroughputExceededException", "LimitExceededException", "ExpiredIteratorException"})


class MappingReader(ABC):
    """One mapping's reader. ``cause`` is the timeline entry of what last arrived at the source."""

    def __init__(self, mapping: EventSourceMapping, around: Surroundings, source: str) -> None:
        self.around = around
        self.source = source
        self.cause = 0
        self.closed = False
        self.books = Balance(f"mapping {mapping.uuid} ({mapping.source_arn.split(':', 5)[-1]})")
        self._accept(mapping)

    def _accept(self, mapping: EventSourceMapping) -> None:
        self.mapping = mapping
        self.settings = mapping.settings
        self.filter = EventFilter(mapping.settings.get("FilterCriteria"))
        self._counted = "EventCount" in ((mapping.settings.get("MetricsConfig") or {}).get("Metrics") or ())

    @property
    def enabled(self) -> bool:
        return not self.closed and self.mapping.enabled

    @property
    @abstractmethod
    def pending(self) -> int:
        """Records taken and not yet accounted for."""

    @abstractmethod
    def wake(self, cause: int = 0) -> None:
        """Something may have arrived."""

    @abstractmethod
    def change(self, mapping: EventSourceMapping) -> None:
        """The mapping as it is from now on."""

    @abstractmethod
    def close(self) -> None:
        """The mapping is deleted."""

    @property
    def name(self) -> str:
        """The function's name, for people."""
        return self.mapping.function_arn.split(":")[6]

    def report(self) -> dict[str, Any]:
        return self.books.report(self.pending)

    def version(self) -> FunctionVersion | None:
        return self.around.functions.version_at(self.mapping.function_arn)

    def sender(self, cause: int = 0) -> Sender | None:
        """Lambda in the function's role; None when the function is gone."""
        version = self.version()
        return in_role(version.role, version.name, self.source, cause) if version else None

    def send(self, service: str, operation: str, params: Mapping[str, Any], done: Sent, cause: int = 0) -> None:
        """One call to the source, in the function's role."""
        sender = self.sender(cause)
        if sender is None:
            done(AwsError("ResourceNotFoundException", f"Function not found: {self.mapping.function_arn}", 404))
            return
        account_id, region = self.mapping.source_arn.split(":")[4], self.mapping.source_arn.split(":")[3]
        self.around.messenger.send(
            Errand(sender.principal, service, operation, params, account_id, region, source=self.source, cause=cause), done
        )

    def invoke(self, payload: bytes, cause: int, done: Done) -> None:
        mapping = self.mapping
        self.around.invoke(
            Call(mapping.account_id, mapping.region, mapping.function_arn, payload, source=self.source, cause=cause), done
        )

    def problem(self, doing: str, error: AwsError) -> None:
        """Shown where AWS shows it: as the mapping's last result, and on the timeline."""
        text = f"PROBLEM: {error.message or error.code}"
        if self.mapping.last_result != text:
            title = f"{self.name}: {doing} failed: {error.code}"
            self.around.timeline.add("poll", title, cause=self.cause, mapping=self.mapping.uuid)
        self.note(text)

    def note(self, text: str) -> None:
        if not self.closed and self.mapping.last_result != text:
            self.around.functions.note_result(self.mapping, text)

    def count(self, name: str, value: int) -> None:
        """The opt-in metrics of mappings (fact S-19)."""
        if self._counted and value:
            mapping, now = self.mapping, self.around.clock.now()
            dimensions = {"EventSourceMappingUUID": mapping.uuid}
            self.around.metrics.put(mapping.account_id, mapping.region, "AWS/Lambda", name, dimensions, value, "Count", now)


def backoff_s(attempt: int) -> float:
    """One second, doubling."""
    return float(min(BACKOFF_MAX_S, 2.0 ** max(0, min(attempt, 30) - 1)))


def will_pass(error: AwsError) -> bool:
    """Throttled, or the system's fault: the same call may succeed later."""
    return is_transient(error) or error.code in _PASSING
