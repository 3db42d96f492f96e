"""Random topologies of all sources under random faults of all kinds: the books balance, and a seed replays to the byte.

More seeds than the suite runs: ``SIMULATION_SEEDS=100-400 ./course test tests/simulation``.
"""

from __future__ import annotations

import json
import os
import random

import pytest

from tests.sandbox.delivery.stage import stage
from tests.simulation.topology import Topology

EVENTS = 40
RULES = 6


def _seeds() -> list[int]:
    """By default those that once found a defect."""
    first, _, last = os.environ.get("SIMULATION_SEEDS", "").partition("-")
    return list(range(int(first), int(last or first) + 1)) if first else [2, 8, 18, 24, 33]


def run(seed: int) -> tuple[bytes, bytes]:
    """The whole timeline and the books of one life."""
    print(f"seed {seed}")  # pytest shows it when the test fails
    draw = random.Random(seed)
    with stage(seed=seed, start=1_795_000_000.0, repeatable=True) as at:
        world = Topology(at, draw)
        rules = sorted(draw.sample(range(EVENTS), RULES))
        for number in range(EVENTS):
            if number in rules:
                at.control.add_fault(**world.fault())
            world.happen(number)
            at.control.advance(draw.choice((0, 0, 1, 30, 400)))
            books = at.control.balance()
            assert all(row["balanced"] for row in books), books
        at.settle()
        books = at.control.balance()
        assert at.control.now()["quiet"]
        assert all(row["balanced"] and row["pending"] == 0 for row in books), books
        assert world.unread() == []
        assert at.control.info()["defects"] == []
        return json.dumps(at.control.timeline(limit=10_000)).encode(), json.dumps(books).encode()


@pytest.mark.parametrize("seed", _seeds())
def test_nothing_is_lost_whatever_fails(seed: int) -> None:
    timeline, books = run(seed)
    assert b'"kind": "fault"' in timeline
    assert sum(row["accepted"] for row in json.loads(books)) >= EVENTS / 2


@pytest.mark.parametrize("seed", [101])
def test_a_seed_replays_the_same_timeline_byte_for_byte(seed: int) -> None:
    assert run(seed) == run(seed)
