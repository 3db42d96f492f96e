"""Sources that refuse for a while: polling goes on by itself, where it was, and the books hold meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.triggers.polled import FAILS, Polled, counts, polled

UNAVAILABLE = {"code": "ServiceUnavailable", "status": 503}


@pytest.fixture
def world() -> Iterator[Polled]:
    with polled(start=1_800_000_000.0) as made:
        yield made


def test_a_queue_that_failed_is_waited_for_even_if_something_arrives_meanwhile(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.on.control.add_fault(service="sqs", operation="ReceiveMessage", error=UNAVAILABLE, count=1)
    world.send("a")
    world.on.control.advance(10)
    world.send("b")
    world.settle()
    assert sorted(text for batch in world.batches() for text in batch) == ["a", "b"]


@pytest.mark.parametrize("code", ["InternalFailure", "ProvisionedThroughputExceededException"])
def test_a_stream_that_failed_is_waited_for_even_if_something_arrives_meanwhile(world: Polled, code: str) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON")
    status = 500 if code == "InternalFailure" else 400
    world.on.control.add_fault(service="kinesis", operation="GetRecords", error={"code": code, "status": status}, count=1)
    world.put("a")
    world.on.control.advance(10)
    world.put("b")
    world.settle()
    assert [text for batch in world.batches() for text in batch] == ["a", "b"]


def test_a_refusal_that_lasts_does_not_keep_the_account_busy_for_ever(world: Polled) -> None:
    world.function()
    world.map(world.on.queue())
    world.on.control.add_fault(service="sqs", operation="ReceiveMessage", error={"code": "AccessDenied", "status": 403})
    world.send("a")
    before = world.on.control.now()["now"]
    world.settle()
    assert world.on.control.now()["now"] - before < 60


def test_an_expired_iterator_goes_on_after_the_last_record_read(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON")
    world.put("a", "b")
    world.settle()
    rule = {"service": "kinesis", "error": {"code": "ExpiredIteratorException", "status": 400}}
    world.on.control.add_fault(**rule, operation="GetRecords", count=1)
    world.on.control.add_fault(**rule, operation="GetShardIterator", count=2)
    world.put("c")
    world.settle()
    assert [text for batch in world.batches() for text in batch] == ["a", "b", "c"]
    assert counts(world.books()) == (3, 3, 0, {}, 0)


def test_records_on_their_way_to_a_destination_are_pending(world: Polled) -> None:
    world.function(FAILS)
    destination = {"OnFailure": {"Destination": world.on.queue("dead")}}
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0, DestinationConfig=destination)
    world.on.control.add_fault(service="sqs", operation="SendMessage", caller="*assumed-role*", latency_s=30)
    world.put("a")
    world.on.control.advance(5)
    assert counts(world.books()) == (1, 0, 0, {}, 1)
    world.settle()
    assert counts(world.books()) == (1, 0, 1, {}, 0)


def test_a_mapping_deleted_meanwhile_counts_them_once(world: Polled) -> None:
    world.function(FAILS)
    destination = {"OnFailure": {"Destination": world.on.queue("dead")}}
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0, DestinationConfig=destination)
    world.on.control.add_fault(service="sqs", operation="SendMessage", caller="*assumed-role*", latency_s=30)
    world.put("a")
    world.on.control.advance(5)
    world.on.client("lambda").delete_event_source_mapping(UUID=world.uuid)
    world.settle()
    assert counts(world.books()) == (1, 0, 0, {"mapping deleted": 1}, 0)
