"""Streams under deliveries that come twice or late: every record at least once, and in order within its shard.

Lambda guide, with-kinesis: "event source mappings process each event at least once, and duplicate processing of records can
occur"; Kinesis Data Streams guide, key concepts: sequence numbers order the records of a shard.
"""

from __future__ import annotations

import random

import pytest

from tests.sandbox.triggers.polled import polled

RECORDS = 60


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shard_is_read_in_order_whatever_comes_twice(seed: int) -> None:
    draw = random.Random(seed)
    with polled(seed=seed, start=1_800_000_000.0, repeatable=True) as world:
        world.function()
        world.map(world.stream(shards=2), StartingPosition="TRIM_HORIZON", BatchSize=draw.randint(2, 7))
        for effect in ({"duplicates": 1}, {"delay_s": 40}, {"duplicates": 2, "delay_s": 5}):
            world.on.control.add_fault(kind="delivery", source="kinesis", probability=0.3, **effect)
        for number in range(RECORDS):
            world.put(f"{number:02}", key=draw.choice("abcdef"))
            world.on.control.advance(draw.choice((0, 0, 1, 20)))
        world.settle()
        events = world.events()
        first: dict[str, list[str]] = {}
        seen: set[str] = set()
        for event in events:
            for record in event["Records"]:
                if record["eventID"] not in seen:
                    seen.add(record["eventID"])
                    shard, _, number = record["eventID"].partition(":")
                    first.setdefault(shard, []).append(number)
        assert (len(first), len(seen)) == (2, RECORDS)
        assert all(numbers == sorted(numbers, key=int) for numbers in first.values())
        assert sum(len(event["Records"]) for event in events) > RECORDS
        assert world.books()["processed"] == RECORDS
