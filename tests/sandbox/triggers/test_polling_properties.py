"""Random queues and streams, functions that fail at random: nothing lost, everything delivered, order and books hold."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.sandbox.triggers.polled import Polled, polled

FLAKY = """
import base64, json, random
draw = random.Random({seed})
def handler(event, context):
    print('GOT ' + json.dumps(event))
    kinds = [('kinesis' in r, r) for r in event['Records']]
    ids = [r['kinesis']['sequenceNumber'] if stream else r['messageId'] for stream, r in kinds]
    if draw.random() < {rate}:
        raise ValueError('flaky')
    failed = [each for each in ids if draw.random() < {partial}]
    for each, (stream, r) in zip(ids, kinds):
        if each not in failed:
            print('DONE ' + (base64.b64decode(r['kinesis']['data']).decode() if stream else r['body']))
    return {{'batchItemFailures': [{{'itemIdentifier': each}} for each in failed]}}
"""
REPORTS = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def source(seed: int, rate: float, partial: float) -> str:
    return FLAKY.format(seed=seed, rate=rate, partial=partial)


def seen(world: Polled) -> list[str]:
    return [text for batch in world.batches() for text in batch]


def done(world: Polled) -> list[str]:
    """What the function said it has processed, in order."""
    return world.lines("DONE")


def settled(world: Polled) -> dict[str, Any]:
    world.settle()
    books = world.books()
    assert books["balanced"], books
    assert books["pending"] == 0, books
    return books


@pytest.mark.parametrize("seed", range(6))
def test_a_standard_queue_loses_nothing(seed: int) -> None:
    draw = random.Random(seed)
    count = draw.randint(5, 60)
    with polled(seed=seed) as world:
        world.function(source(seed, draw.choice((0.0, 0.2, 0.4)), draw.choice((0.0, 0.3))))
        dead = world.on.queue("dead", MessageRetentionPeriod="1209600")
        redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": draw.randint(1, 4)})
        window = draw.choice((0, 0, 5))
        world.map(
            world.on.queue(RedrivePolicy=redrive),
            BatchSize=draw.choice((1, 3, 10)),
            MaximumBatchingWindowInSeconds=window,
            **REPORTS,
        )
        bodies = [str(number) for number in range(count)]
        for at in range(0, count, 7):
            world.send(*bodies[at : at + 7])
            world.on.control.advance(draw.choice((0, 1, 40)))
        books = settled(world)
        dead_bodies = [message["Body"] for message in world.on.messages("dead")]
        assert set(seen(world)) == set(bodies)  # each at least once
        assert sorted(done(world) + dead_bodies) == sorted(bodies)
        assert world.on.messages() == []
        assert books["accepted"] == count
        assert books["dead_lettered"] == len(dead_bodies)
        assert books["processed"] == count - len(dead_bodies)


@pytest.mark.parametrize("seed", range(4))
def test_a_fifo_group_is_never_overtaken(seed: int) -> None:
    draw = random.Random(seed)
    with polled(seed=seed) as world:
        world.function(source(seed, 0.3, 0.0))
        world.map(world.on.queue("inbox.fifo", FifoQueue="true"), BatchSize=draw.choice((1, 4, 10)), **REPORTS)
        for number in range(8):
            for group in "abc":
                world.send(f"{group}{number}", queue="inbox.fifo", group=group)
            world.on.control.advance(draw.choice((0, 2)))
        books = settled(world)
        for group in "abc":
            assert [text for text in done(world) if text[0] == group] == [f"{group}{number}" for number in range(8)]
        assert books["processed"] == 24


@pytest.mark.parametrize("seed", range(6))
def test_a_stream_keeps_the_order_of_each_key_and_loses_nothing(seed: int) -> None:
    draw = random.Random(seed)
    reporting = draw.choice((True, False))
    with polled(seed=seed) as world:
        world.function(source(seed, draw.choice((0.0, 0.2, 0.4)), 0.2 if reporting else 0.0))
        world.map(
            world.stream(shards=draw.choice((1, 3))),
            StartingPosition="TRIM_HORIZON",
            BatchSize=draw.choice((1, 4, 100)),
            ParallelizationFactor=draw.choice((1, 3)),
            BisectBatchOnFunctionError=draw.choice((True, False)),
            MaximumRetryAttempts=draw.choice((-1, 50)),
            **(REPORTS if reporting else {}),
        )
        for number in range(10):
            for key in "pqr":
                world.put(f"{key}{number}", key=key)
            world.on.control.advance(draw.choice((0, 1)))
        books = settled(world)
        assert (books["accepted"], books["processed"]) == (30, 30)
        for key in "pqr":
            ends = list(dict.fromkeys(reversed([text for text in done(world) if text[0] == key])))
            assert ends == [f"{key}{number}" for number in range(9, -1, -1)]  # of what was repeated the last time counts


def test_the_same_seed_gives_the_same_timeline() -> None:
    def run() -> list[tuple[Any, ...]]:
        with polled(seed=11, start=1_800_000_000.0) as world:
            world.function(source(3, 0.4, 0.4))
            world.map(world.on.queue(MessageRetentionPeriod="300"), **REPORTS)
            world.send(*"abcdefgh")
            world.settle()
            return [(entry["at_ms"], entry["kind"], entry["title"]) for entry in world.on.control.timeline()]

    assert run() == run()
