"""Errands tried until they succeed, are refused, or run out of retries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import Clock
from sandbox.delivery.errand import Done, Errand, as_service
from sandbox.errors import AwsError, InternalError
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.deliveries import Deliveries, backoff, is_transient

QUEUE = "arn:aws:sqs:us-east-1:123456789012:inbox"
BUSY, DENIED = AwsError("ServiceUnavailable", "busy", 503), AwsError("AccessDenied", "no", 403)


class Scripted:
    """Answers errands from a list, then with success."""

    def __init__(self, answers: list[AwsError | None]) -> None:
        self.answers = answers
        self.sent: list[float] = []
        self.clock = Clock(virtual=True, start=1_000.0)
        self.timeline = Timeline(self.clock)
        self.deliveries = Deliveries("test", self, self.clock, self.timeline)

    def send(self, errand: Errand, done: Done) -> None:
        assert errand.operation == "SendMessage"
        self.sent.append(self.clock.now() - 1_000.0)
        answer = self.answers.pop(0) if self.answers else None
        done({} if answer is None else answer)

    def start(self, retries: int = 3, **more: Any) -> None:
        errand = as_service("s3.amazonaws.com", "arn:aws:s3:::b", "123456789012", "s3").to_queue(QUEUE, "body")
        self.deliveries.send(errand, "a to b", backoff(1.0, 4.0, retries), **more)

    def run(self) -> dict[str, Any]:
        while (due := self.clock.next_due()) is not None:
            self.deliveries.check()
            self.clock.run_next(due)
        self.deliveries.check()
        return self.deliveries.report()


def test_nothing_is_sent_before_the_call_under_way_has_ended() -> None:
    scripted = Scripted([])
    scripted.start()
    assert (scripted.sent, scripted.deliveries.report()["pending"]) == ([], 1)
    assert scripted.run()["processed"] == 1


def test_waits_double_up_to_the_most() -> None:
    scripted = Scripted([BUSY, BUSY, BUSY, BUSY])
    scripted.start(retries=9)
    assert scripted.run()["processed"] == 1
    assert scripted.sent == [0, 1, 3, 7, 11]


def test_retries_end() -> None:
    scripted = Scripted([BUSY] * 9)
    scripted.start(retries=2)
    assert scripted.run()["dropped"] == {"ServiceUnavailable": 1}
    assert len(scripted.sent) == 3


def test_a_client_error_is_final_at_once() -> None:
    scripted = Scripted([DENIED])
    scripted.start()
    assert scripted.run()["dropped"] == {"AccessDenied": 1}
    assert [entry.title for entry in scripted.timeline] == ["Dropped: a to b (AccessDenied)"]


@pytest.mark.parametrize(
    ("error", "transient"),
    [(BUSY, True), (DENIED, False), (AwsError("X", "", 429), True), (AwsError("ThrottlingException", "", 400), True)],
)
def test_what_may_succeed_later(error: AwsError, transient: bool) -> None:
    assert is_transient(error) is transient


@pytest.mark.parametrize("keeps", [True, False])
def test_a_rescue_decides_whether_it_was_kept(keeps: bool) -> None:
    scripted = Scripted([DENIED])
    heard: list[bool] = []

    def rescue(error: AwsError, kept: Callable[[bool], None]) -> None:
        assert error is DENIED
        kept(keeps)

    scripted.start(rescue=rescue, ended=heard.append)
    report = scripted.run()
    assert (report["dead_lettered"], report["dropped"]) == ((1, {}) if keeps else (0, {"AccessDenied": 1}))
    assert heard == [False]


def test_after_a_clear_late_answers_do_no_harm() -> None:
    scripted = Scripted([])
    scripted.start()
    scripted.deliveries.clear()
    assert scripted.run()["accepted"] == 0
    assert scripted.sent == []


def test_too_many_at_once_are_dropped_with_that_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.triggers.deliveries.PENDING_MAX", 1)
    scripted = Scripted([])
    scripted.start()
    scripted.start()
    assert scripted.run()["dropped"] == {"TooManyPending": 1}


def test_books_that_disagree_are_a_defect() -> None:
    scripted = Scripted([])
    scripted.deliveries.books.accepted = 1
    with pytest.raises(InternalError, match="do not balance"):
        scripted.deliveries.check()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([None, BUSY, DENIED]), max_size=40), st.integers(1, 12), st.integers(0, 3))
def test_every_errand_is_accounted_for(answers: list[AwsError | None], count: int, retries: int) -> None:
    scripted = Scripted(answers)
    for _ in range(count):
        scripted.start(retries)
    report = scripted.run()
    assert report["accepted"] == count
    assert report["pending"] == 0
