"""Kill -9 of workers and fork servers at any moment: what was accepted is processed, or its end is told."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.account import local_account
from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage

EVENTS = 24
WORKS = "import time\n\ndef handler(event, context):\n    time.sleep(0.02)\n    print('DONE')\n"


@pytest.fixture
def at() -> Iterator[Stage]:
    with local_account(seed=7, virtual_time=True) as account:
        yield Stage(account).again()


def descendants() -> list[tuple[int, int]]:
    """(process, distance) of every process below this one: fork servers first, then keepers, then functions."""
    found, waiting = [], [(os.getpid(), 0)]
    while waiting:
        pid, distance = waiting.pop()
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                children = task.read_text().split()
            except OSError:
                continue
            waiting += [(int(child), distance + 1) for child in children]
            found += [(int(child), distance + 1) for child in children]
    return found


class Killer(threading.Thread):
    """Kills what ``distance`` says, again and again, at random moments, until it is told to stop."""

    def __init__(self, seed: int, nearest: int, farthest: int) -> None:
        super().__init__(daemon=True)
        self._draw = random.Random(seed)
        self._nearest, self._farthest = nearest, farthest
        self._over = threading.Event()
        self.kills = 0

    def run(self) -> None:
        while not self._over.wait(self._draw.uniform(0.01, 0.12)):
            targets = [pid for pid, distance in descendants() if self._nearest <= distance <= self._farthest]
            if targets:
                try:
                    os.kill(self._draw.choice(targets), signal.SIGKILL)
                except ProcessLookupError:
                    continue
                self.kills += 1

    def stop(self) -> None:
        self._over.set()
        self.join()


def _url() -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/inbox"


def _queued(at: Stage) -> None:
    queue = at.queue(VisibilityTimeout="60", MessageRetentionPeriod="1209600")
    at.client("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName="worker", BatchSize=5)


def _send(at: Stage, number: int) -> None:
    if number % 2:
        at.start(payload=number)
    else:
        at.client("sqs").send_message(QueueUrl=_url(), MessageBody=str(number))


@pytest.mark.parametrize(
    ("seed", "nearest", "farthest"), [(1, 2, 9), (2, 1, 1), (3, 1, 9)], ids=["workers", "fork servers", "any"]
)
def test_killing_loses_no_accepted_event(at: Stage, seed: int, nearest: int, farthest: int) -> None:
    at.function(source=WORKS, Timeout=10, DeadLetterConfig={"TargetArn": at.queue("dead")})
    _queued(at)
    killer = Killer(seed, nearest, farthest)
    killer.start()
    try:
        for number in range(EVENTS):
            _send(at, number)
            at.control.advance(0)
            assert all(row["balanced"] for row in at.control.balance())
        at.control.advance(90)
    finally:
        killer.stop()
    at.settle()
    books = {row["source"].split(" ", 1)[0]: row for row in at.control.balance()}
    events, messages = books["asynchronous"], books["mapping"]
    assert killer.kills > 0
    assert (events["accepted"], events["processed"] + events["dead_lettered"]) == (EVENTS / 2, EVENTS / 2), events
    assert (messages["accepted"], messages["processed"], messages["dropped"]) == (EVENTS / 2, EVENTS / 2, {}), messages
    assert all(row["balanced"] and row["pending"] == 0 for row in books.values())
    assert len(at.messages("dead")) == events["dead_lettered"]


def test_an_account_answers_after_its_fork_server_was_killed(at: Stage) -> None:
    at.function(source=WORKS)
    for _ in range(3):
        assert "FunctionError" not in at.client("lambda").invoke(FunctionName="worker")
        before = set(descendants())
        for pid, distance in before:
            if distance == 1:
                os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 10
        while set(descendants()) & before and time.monotonic() < end:
            threading.Event().wait(0.01)
