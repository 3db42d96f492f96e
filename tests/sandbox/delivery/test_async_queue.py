from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.delivery.async_queue import QueuedEvent
from sandbox.errors import AwsError, InternalError
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.runtime.environment import Event, InvocationReport
from tests.sandbox.invocation.small_account import NOW, Later, SmallAccount, ok, raised


@pytest.fixture
def account() -> SmallAccount:
    return SmallAccount()


def _failing(times: int) -> Callable[[Event], InvocationReport]:
    left = iter([raised("ValueError", "no")] * times)
    return lambda event: next(left, ok())


def _send(account: SmallAccount, **fields: Any) -> str:
    return account.queue.accept(account.call(invocation_type="Event", source="api", **fields))


def _moments(account: SmallAccount) -> list[float]:
    """Seconds after acceptance at which the function ran, by its deadlines."""
    return [event.deadline_ms / 1000 - 3 - NOW for event in account.runtime.events]


def test_an_event_is_accepted_before_it_runs(account: SmallAccount) -> None:
    account.function()
    request_id = _send(account)
    assert account.runtime.events == []
    assert account.queue.balance()["pending"] == 1
    account.settle()
    assert account.runtime.events[0].request_id == request_id
    assert account.queue.balance() == {
        "source": "asynchronous events",
        "accepted": 1,
        "processed": 1,
        "dead_lettered": 0,
        "dropped": {},
        "pending": 0,
        "balanced": True,
    }


def test_a_failing_event_is_tried_three_times_after_one_and_two_minutes_under_one_id(account: SmallAccount) -> None:
    """AWS docs, invocation-async-error-handling; one request id: localstack snapshots."""
    account.function(handler=lambda event: raised("ValueError", "no"))
    request_id = _send(account)
    account.settle()
    assert _moments(account) == [0.0, 60.0, 180.0]
    assert {event.request_id for event in account.runtime.events} == {request_id}
    assert account.queue.balance()["dropped"] == {"RetriesExhausted": 1}
    assert account.total("AsyncEventsDropped", FunctionName="hello") == 1
    assert account.total("Errors", FunctionName="hello") == 3


def test_a_retry_that_succeeds_settles_the_event(account: SmallAccount) -> None:
    account.function(handler=_failing(1))
    _send(account)
    account.settle()
    assert len(account.runtime.events) == 2
    assert account.queue.balance()["processed"] == 1
    assert account.total("AsyncEventAge", FunctionName="hello") == 60_000.0


def test_no_retries_when_the_function_wants_none(account: SmallAccount) -> None:
    record = account.function(handler=lambda event: raised("ValueError", "no"))
    record.event_invoke["$LATEST"] = EventInvokeConfig(NOW, maximum_retry_attempts=0)
    _send(account)
    account.settle()
    assert len(account.runtime.events) == 1


def test_an_event_that_grows_too_old_is_dropped_at_that_age(account: SmallAccount) -> None:
    record = account.function(handler=lambda event: raised("ValueError", "no"))
    record.event_invoke["$LATEST"] = EventInvokeConfig(NOW, maximum_event_age_s=90)
    _send(account)
    account.settle()
    assert _moments(account) == [0.0, 60.0]
    assert account.queue.balance()["dropped"] == {"EventAgeExceeded": 1}
    assert account.timeline.since(kind="drop")[0].at_ms == int((NOW + 90) * 1000)


def test_throttled_events_come_back_at_growing_intervals_until_they_are_six_hours_old(account: SmallAccount) -> None:
    record = account.function(handler=lambda event: Later(40_000.0, ok()))
    record.reserved = 1
    account.start()
    _send(account)
    account.settle(NOW + 30_000)
    waits = [entry.title for entry in account.timeline.since(kind="retry")][:11]
    assert waits[:10] == [f"Retry in {s} s: TooManyRequestsException" for s in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300)]
    assert account.queue.balance()["dropped"] == {"EventAgeExceeded": 1}
    assert account.timeline.since(kind="drop")[0].at_ms == int((NOW + 21_600) * 1000)


def test_a_throttle_does_not_use_up_a_retry(account: SmallAccount) -> None:
    record = account.function(handler=_failing(2))
    other = account.function("other", handler=lambda event: Later(5.0, ok()))
    del other
    record.reserved = 1
    account.runtime.handlers["hello"] = lambda event: Later(2.5, ok())
    account.start()  # occupies the only place for 2.5 s
    account.runtime.handlers["hello"] = _failing(2)
    _send(account)
    account.settle()
    assert account.queue.balance()["processed"] == 1
    assert _moments(account)[1:] == [3.0, 63.0, 183.0]


def test_reserved_zero_drops_at_once_without_running(account: SmallAccount) -> None:
    """Recorded destination records: ZeroReservedConcurrency with an invoke count of 0."""
    account.function().reserved = 0
    _send(account)
    account.settle()
    assert account.runtime.events == []
    assert account.queue.balance()["dropped"] == {"ZeroReservedConcurrency": 1}


def test_a_function_deleted_meanwhile_drops_its_events_with_the_reason(account: SmallAccount) -> None:
    account.function()
    _send(account)
    del account.registry.region("123456789012", "us-east-1").functions["hello"]
    account.settle()
    assert account.queue.balance()["dropped"] == {"ResourceNotFoundException": 1}


def test_what_is_refused_is_not_accepted(account: SmallAccount) -> None:
    account.function()
    for call in (account.call("nobody"), account.call(payload=b"{")):
        with pytest.raises(AwsError):
            account.queue.accept(call)
    assert account.queue.balance()["accepted"] == 0


def test_a_full_queue_says_so(account: SmallAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.delivery.async_queue.EVENTS_MAX", 1)
    account.function()
    _send(account)
    with pytest.raises(AwsError) as caught:
        _send(account)
    assert caught.value.status == 503


def test_an_exhausted_event_is_offered_to_whoever_keeps_dead_letters(account: SmallAccount) -> None:
    seen: list[tuple[QueuedEvent, str]] = []

    def keep(event: QueuedEvent, condition: str, kept: Callable[[bool], None]) -> None:
        seen.append((event, condition))
        kept(True)  # noqa: FBT003

    account.queue.on_exhausted = keep
    account.function(handler=lambda event: raised("ValueError", "no"))
    _send(account, payload=b'{"order": 7}')
    account.settle()
    event, condition = seen[0]
    assert (condition, event.invocations, event.call.payload) == ("RetriesExhausted", 3, b'{"order": 7}')
    assert account.queue.balance()["dead_lettered"] == 1


def test_success_is_offered_to_whoever_keeps_successes(account: SmallAccount) -> None:
    seen: list[bytes] = []
    account.queue.on_processed = lambda event, answer: seen.append(answer.payload)
    account.function()
    _send(account)
    account.settle()
    assert seen == [b'{"n": 1}']


def test_a_reset_forgets_events_and_late_answers_do_no_harm(account: SmallAccount) -> None:
    account.function(handler=lambda event: Later(5.0, ok()))
    _send(account)
    account.clock.run_next(NOW)
    account.queue.clear()
    account.settle()
    account.queue.check_balance()
    assert account.queue.balance()["processed"] == 0


def test_unbalanced_books_are_an_internal_error(account: SmallAccount) -> None:
    account.function()
    _send(account)
    account.queue._pending.clear()
    with pytest.raises(InternalError, match="1 accepted = 0 processed"):
        account.queue.check_balance()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["ok", "error", "crash", "slow"]), max_size=30), st.integers(1, 4), st.integers(0, 2))
def test_the_books_balance_at_every_moment(outcomes: list[str], reserved: int, retries: int) -> None:
    account = SmallAccount()
    answers = {
        "ok": ok(),
        "error": raised("ValueError", "no"),
        "crash": InvocationReport("exit", b"", 1.0, 30, alive=False),
        "slow": Later(30.0, ok()),
    }
    record = account.function(handler=lambda event: answers[event.payload.decode().strip('"')])
    record.reserved = reserved
    record.event_invoke["$LATEST"] = EventInvokeConfig(NOW, maximum_retry_attempts=retries)
    for outcome in outcomes:
        _send(account, payload=f'"{outcome}"'.encode())
    while account.clock.run_next(NOW + 86_400):
        account.queue.check_balance()
    assert account.queue.pending == 0
    assert account.queue.balance()["accepted"] == len(outcomes)
    assert account.invoker.busy == 0
