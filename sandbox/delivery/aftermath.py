"""What becomes of an event that has ended: dead-letter queue and destinations, each with a metric for when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.delivery.async_queue import AsyncQueue, QueuedEvent
from sandbox.delivery.dead_letter import DeadLetters
from sandbox.delivery.destinations import Destinations
from sandbox.delivery.errand import Messenger
from sandbox.errors import AwsError
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.functions.function import Target
from sandbox.ids import Ids
from sandbox.invocation.call import Answer
from sandbox.invocation.plan import Plan
from sandbox.telemetry.timeline import Timeline

Kept = Callable[[bool], None]


class Configured(Protocol):
    def event_invoke(self, target: Target) -> EventInvokeConfig | None: ...


class Aftermath:
    """Attached to the queue's two hooks. A dead-letter queue and a destination may both be set; both then get the event."""

    def __init__(
        self,
        queue: AsyncQueue,
        configurations: Configured,
        messenger: Messenger,
        plan: Callable[[Target], Plan],
        clock: Clock,
        ids: Ids,
        timeline: Timeline,
    ) -> None:
        self._configurations = configurations
        self._plan = plan
        self._clock = clock
        self._timeline = timeline
        self._dead_letters = DeadLetters(messenger)
        self._destinations = Destinations(messenger, clock, ids)
        queue.on_exhausted = self.exhausted
        queue.on_processed = self.processed

    def processed(self, event: QueuedEvent, _answer: Answer) -> None:
        target = event.target
        config = self._configurations.event_invoke(target) if target else None
        if target is not None and config is not None and config.on_success:
            self._to_destination(event, target, config.on_success, "Success", lambda _kept: None)

    def exhausted(self, event: QueuedEvent, condition: str, kept: Kept) -> None:
        """``kept(True)`` once, when all that was to be told has been told and somebody took the event."""
        target = event.target
        if target is None:  # the function was gone before the first attempt
            kept(False)  # noqa: FBT003  # the callback's only argument
            return
        config = self._configurations.event_invoke(target)
        destination = config.on_failure if config else ""
        tally = _Tally(bool(target.version.dead_letter_arn) + bool(destination), kept)
        if target.version.dead_letter_arn:
            self._to_dead_letters(event, target, tally.add)
        if destination:
            self._to_destination(event, target, destination, condition, tally.add)

    def _to_dead_letters(self, event: QueuedEvent, target: Target, kept: Kept) -> None:
        arn = target.version.dead_letter_arn

        def sent(outcome: Mapping[str, Any] | AwsError) -> None:
            if isinstance(outcome, AwsError):
                self._plan(target).meter.dead_letter_error(self._minute())
            self._note(event, "dead letter", arn, outcome)
            kept(not isinstance(outcome, AwsError))

        self._dead_letters.send(event, target.version, sent)

    def _to_destination(self, event: QueuedEvent, target: Target, arn: str, condition: str, kept: Kept) -> None:
        def sent(outcome: Mapping[str, Any] | AwsError) -> None:
            outcome = _refused_entry(outcome)
            if isinstance(outcome, AwsError):
                self._plan(target).meter.destination_failure(self._minute())
            self._note(event, "destination", arn, outcome)
            kept(not isinstance(outcome, AwsError))

        self._destinations.send(event, target, arn, condition, sent)

    def _note(self, event: QueuedEvent, kind: str, arn: str, outcome: Mapping[str, Any] | AwsError) -> None:
        failed = isinstance(outcome, AwsError)
        title = f"{kind.capitalize()} {'not delivered' if failed else 'delivered'}: {arn.rsplit(':', 1)[-1]}"
        reason = str(outcome) if isinstance(outcome, AwsError) else ""
        self._timeline.add(kind, title, cause=event.entry, request_id=event.request_id, target=arn, error=reason)

    def _minute(self) -> int:
        return int(self._clock.now() // 60)


class _Tally:
    """Waits for all of ``expected`` reports; the event was kept when one of them says so."""

    def __init__(self, expected: int, kept: Kept) -> None:
        self._left = expected
        self._kept = kept
        self._taken = False
        if not expected:
            kept(False)  # noqa: FBT003

    def add(self, taken: bool) -> None:
        self._left -= 1
        self._taken |= taken
        if not self._left:
            self._kept(self._taken)


def _refused_entry(outcome: Mapping[str, Any] | AwsError) -> Mapping[str, Any] | AwsError:
    """PutEvents answers 200 for entries it did not take."""
    if isinstance(outcome, AwsError) or not outcome.get("FailedEntryCount"):
        return outcome
    entry = outcome["Entries"][0]
    return AwsError(str(entry.get("ErrorCode", "InternalFailure")), str(entry.get("ErrorMessage", "")))
