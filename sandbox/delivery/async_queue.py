"""Lambda's own queue for asynchronous invocations: accept, attempt, retry, and account for every event (facts I-01, Q-24).

Function errors: two retries, after one and two minutes. Throttles and system errors: back to the queue, from one second doubling
to five minutes, while the event is young enough (AWS docs, invocation-async-error-handling). All attempts share a request id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from sandbox import facts
from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.faults import Faults
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.functions.function import Target
from sandbox.ids import Ids
from sandbox.invocation.call import Answer, Call
from sandbox.invocation.invoke import Invoker
from sandbox.invocation.lineage import entered
from sandbox.telemetry.balance import Balance
from sandbox.telemetry.timeline import Timeline

EVENTS_MAX = 100_000  # kept at once; AWS names no number, an account in memory needs one
BACKOFF_FIRST_S = 1.0
BACKOFF_MAX_S = 300.0

Condition = Literal["RetriesExhausted", "EventAgeExceeded", "ZeroReservedConcurrency"]


@dataclass(slots=True)
class QueuedEvent:
    """``invocations`` counts the times the function ran; ``attempts`` also those that were throttled.

    ``response`` is what the function said last, ``refusal`` why the last attempt did not run it (None when it did).
    """

    call: Call
    request_id: str
    received: float
    entry: int
    invocations: int = 0
    attempts: int = 0
    response: Answer | None = None
    refusal: AwsError | None = None
    target: Target | None = None
    looped: bool = False  # one time too many in a chain of its own making


class Configurations(Protocol):
    """Who knows how a function wants its events treated (the registry)."""

    def event_invoke(self, target: Target) -> EventInvokeConfig | None: ...

    def reserved(self, target: Target) -> int | None: ...

    def recursive_loop(self, target: Target) -> str: ...


OnExhausted = Callable[[QueuedEvent, str, Callable[[bool], None]], None]
"""Event, condition (or an error code), and who is told once whether somebody kept the event, such as a dead-letter queue."""

OnProcessed = Callable[[QueuedEvent, Answer], None]


class AsyncQueue:
    """``on_exhausted`` and ``on_processed`` are where dead-letter queues and destinations are attached."""

    def __init__(
        self,
        invoker: Invoker,
        configurations: Configurations,
        clock: Clock,
        ids: Ids,
        timeline: Timeline,
        faults: Faults | None = None,
    ) -> None:
        self._invoker = invoker
        self._configurations = configurations
        self._clock = clock
        self._ids = ids
        self._timeline = timeline
        self._faults = faults
        self._pending: dict[int, QueuedEvent] = {}
        self._books = Balance("asynchronous events")
        self.on_exhausted: OnExhausted | None = None
        self.on_processed: OnProcessed | None = None

    @property
    def pending(self) -> int:
        return len(self._pending)

    def accept(self, call: Call) -> str:
        """Queue an event and return its request id; AwsError when it is refused, and then it is not kept."""
        target, payload = self._invoker.check(call)
        if len(self._pending) >= EVENTS_MAX:
            raise AwsError("ServiceException", f"This account keeps at most {EVENTS_MAX} events; let it catch up.", 503)
        request_id = call.request_id or self._ids.uuid()
        title = f"Event for {target.version.name} queued"
        entry = self._timeline.add("event", title, cause=call.cause, request_id=request_id, source=call.source)
        trace, times = entered(call.trace_header, target.version.arn)
        queued = replace(
            call,
            payload=payload,
            invocation_type="RequestResponse",
            log_tail=False,
            request_id=request_id,
            cause=entry,
            trace_header=trace,
        )
        looped = times > facts.limit("recursive_invocations") and self._configurations.recursive_loop(target) == "Terminate"
        self._invoker.plan(target).meter.event_received(self._minute())
        late_s, duplicates = self._disturbed(target, title, entry) if self._faults else (0.0, 0)
        for _ in range(1 + duplicates):  # a copy is the same event once more, request id and all
            self._keep(QueuedEvent(queued, request_id, self._clock.now(), entry, looped=looped), late_s)
        return request_id

    def _keep(self, event: QueuedEvent, late_s: float) -> None:
        self._pending[id(event)] = event
        self._books.accepted += 1
        self._clock.call_later(late_s, lambda: self._attempt(event), f"event {event.request_id}")

    def _disturbed(self, target: Target, title: str, entry: int) -> tuple[float, int]:
        """How late the event comes, and how many times more (Lambda guide, "invocation-async": at least once)."""
        version = target.version
        hit = {"source": ("async",), "resource": (target.invoked_arn, version.qualified_arn, version.arn)}
        fault = self._faults.strike("delivery", hit, title, entry) if self._faults is not None else None
        return (fault.delay_s, fault.duplicates) if fault is not None else (0.0, 0)

    def balance(self) -> dict[str, Any]:
        return self._books.report(len(self._pending))

    def check_balance(self) -> None:
        """Raises InternalError when an event went missing."""
        self._books.check(len(self._pending))

    def clear(self) -> None:
        """Forget all events and the books; timers of forgotten events do nothing."""
        self._pending.clear()
        self._books.clear()

    def _attempt(self, event: QueuedEvent) -> None:
        if id(event) not in self._pending:
            return
        try:
            target = self._invoker.target(event.call)
        except AwsError as error:
            event.refusal = error
            self._refused(event, error)
            return
        event.target = target
        config = self._configurations.event_invoke(target)
        age_s = self._clock.now() - event.received
        if event.looped:
            self._invoker.plan(target).meter.recursion_dropped(self._minute())
            self._exhausted(event, "RecursiveInvocation")
        elif self._configurations.reserved(target) == 0:
            self._exhausted(event, "ZeroReservedConcurrency")
        elif age_s >= (config.age_s if config else facts.default("async_event_age_s")):
            self._exhausted(event, "EventAgeExceeded")
        else:
            event.attempts += 1
            self._invoker.plan(target).meter.event_age(self._minute(), age_s * 1000.0)
            self._invoker.attempt(
                event.call, target, event.call.payload, lambda answer: self._answered(event, target, config, answer)
            )

    def _answered(self, event: QueuedEvent, target: Target, config: EventInvokeConfig | None, answer: Answer | AwsError) -> None:
        if id(event) not in self._pending:
            return
        if isinstance(answer, AwsError):
            event.refusal = answer
            self._refused(event, answer)
            return
        event.response, event.refusal = answer, None
        event.invocations += 1
        if not answer.function_error:
            self._settle(event)
            self._books.processed += 1
            if self.on_processed is not None:
                self.on_processed(event, answer)
            return
        attempts_max = config.attempts_max if config else 1 + facts.default("async_retries")
        if event.invocations >= attempts_max:
            self._exhausted(event, "RetriesExhausted")
            return
        wait_s = facts.default("async_retry_wait_1_s" if event.invocations == 1 else "async_retry_wait_2_s")
        self._later(event, float(wait_s), f"{target.version.name} failed ({answer.error_type})")

    def _refused(self, event: QueuedEvent, error: AwsError) -> None:
        """The function was not run: throttled and system errors wait, anything else will not get better."""
        if error.status == 429 or error.status >= 500:
            throttles = event.attempts - event.invocations
            self._later(event, min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2.0 ** max(0, min(throttles, 30) - 1)), error.code)
        else:
            self._exhausted(event, error.code)

    def _later(self, event: QueuedEvent, wait_s: float, why: str) -> None:
        """No later than the event's last moment, so that one that ages out is settled then and not a retry later."""
        config = self._configurations.event_invoke(event.target) if event.target else None
        ends = event.received + (config.age_s if config else facts.default("async_event_age_s"))
        when = min(self._clock.now() + wait_s, ends)
        title = f"Retry in {max(0.0, when - self._clock.now()):g} s: {why}"
        self._timeline.add("retry", title, cause=event.entry, request_id=event.request_id, attempts=event.attempts)
        self._clock.call_at(when, lambda: self._attempt(event), f"retry of event {event.request_id}")

    def _exhausted(self, event: QueuedEvent, condition: str) -> None:
        """The event stays pending until it is known whether somebody kept it."""
        if self.on_exhausted is None:
            self._ended(event, condition, kept=False)
        else:
            self.on_exhausted(event, condition, lambda kept: self._ended(event, condition, kept=kept))

    def _ended(self, event: QueuedEvent, condition: str, *, kept: bool) -> None:
        if id(event) not in self._pending:
            return
        self._settle(event)
        if kept:
            self._books.dead_lettered += 1
        else:
            self._books.dropped[condition] += 1
        if event.target is not None:
            self._invoker.plan(event.target).meter.event_dropped(self._minute())
        title = f"Event {'kept elsewhere' if kept else 'dropped'}: {condition}"
        self._timeline.add("drop", title, cause=event.entry, request_id=event.request_id, attempts=event.attempts)

    def _settle(self, event: QueuedEvent) -> None:
        del self._pending[id(event)]

    def _minute(self) -> int:
        return int(self._clock.now() // 60)
