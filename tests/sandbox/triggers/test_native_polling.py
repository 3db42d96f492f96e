"""Queues and streams read for functions in processes: batches side by side, workers that die."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.account import local_account
from tests.sandbox.delivery.stage import Stage
from tests.sandbox.triggers.polled import PRINTS, Polled, counts

DIES_THE_FIRST_TIME = """
import json, os
def handler(event, context):
    print('GOT ' + json.dumps(event), flush=True)
    if any(record['attributes']['ApproximateReceiveCount'] == '1' for record in event['Records']):
        os.kill(os.getpid(), 9)
"""
NAPS = "import time\ndef handler(event, context):\n    time.sleep(0.3)\n"


@pytest.fixture
def world() -> Iterator[Polled]:
    with local_account(virtual_time=True, seed=7) as account:
        yield Polled(Stage(account).again())


def test_a_worker_killed_with_a_batch_in_hand_loses_no_message(world: Polled) -> None:
    world.function(DIES_THE_FIRST_TIME, Timeout=20)
    world.map(world.on.queue(), BatchSize=5, Enabled=False)
    world.send(*(str(number) for number in range(20)))
    world.update(Enabled=True)
    world.settle()
    assert counts(world.books()) == (20, 20, 0, {}, 0)
    assert world.on.messages() == []


def test_batches_run_side_by_side_up_to_the_maximum(world: Polled) -> None:
    world.function(NAPS)
    world.map(world.on.queue(), BatchSize=1, ScalingConfig={"MaximumConcurrency": 3}, Enabled=False)
    world.send(*(str(number) for number in range(9)))
    world.update(Enabled=True)
    world.settle()
    assert counts(world.books()) == (9, 9, 0, {}, 0)
    now = world.on.control.now()["now"]
    (point,) = world.on.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="ConcurrentExecutions",
        Dimensions=[{"Name": "FunctionName", "Value": "worker"}],
        StartTime=now - 3_600,
        EndTime=now + 60,
        Period=86_400,
        Statistics=["Maximum"],
    )["Datapoints"]
    assert point["Maximum"] == 3


def test_a_shard_is_read_in_order_by_processes(world: Polled) -> None:
    world.function(PRINTS)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=2)
    world.put(*"abcdef")
    world.settle()
    assert world.batches() == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert counts(world.books()) == (6, 6, 0, {}, 0)
