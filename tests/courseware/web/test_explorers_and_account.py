"""The explorers' models against the account itself, in virtual time."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from sandbox.functions.aliases import Alias
from sandbox.functions.event_invoke import EventInvokeConfig
from sandbox.triggers.scaling import Scaling
from tests.courseware.web.models import answers, result
from tests.sandbox.invocation.small_account import NOW, Later, SmallAccount, ok, raised
from tests.sandbox.triggers.polled import polled

FAILS_UNTIL = """
import json, time
def handler(event, context):
    print('GOT ' + json.dumps(event))
    if time.time() < {until}:
        raise ValueError('broken')
"""


def _lanes(*values):
    return [answer["result"]["lanes"] for answer in answers(*[("retries", row) for row in values])]


@pytest.mark.parametrize("outage_min", [0, 0.5, 2, 10])
@pytest.mark.parametrize(("retries", "age_min"), [(2, 360), (1, 360), (0, 360), (2, 1), (2, 2)])
def test_a_failing_asynchronous_event_is_tried_when_the_model_says(outage_min, retries, age_min):
    account = SmallAccount()
    ends = NOW + outage_min * 60
    record = account.function(handler=lambda event: raised("ValueError", "no") if account.clock.now() < ends else ok())
    record.event_invoke["$LATEST"] = EventInvokeConfig(NOW, maximum_retry_attempts=retries, maximum_event_age_s=age_min * 60)
    account.queue.accept(account.call(invocation_type="Event", source="api"))
    account.settle()
    (lane,) = (lanes["async_error"] for lanes in _lanes({"outage_min": outage_min, "async_retries": retries, "age_min": age_min}))
    assert [event.deadline_ms / 1000 - 3 - NOW for event in account.runtime.events] == lane["attempts"]
    assert account.queue.balance()["processed"] == (lane["fate"] == "done")
    dropped = {"done": {}, "kept": {"RetriesExhausted": 1}, "age": {"EventAgeExceeded": 1}}
    assert account.queue.balance()["dropped"] == dropped[lane["fate"]]


def test_a_throttled_event_comes_back_when_the_model_says():
    account = SmallAccount()
    record = account.function(handler=lambda event: Later(1800.0, ok()))
    record.reserved = 1
    account.start()  # occupies the only place for half an hour
    account.queue.accept(account.call(invocation_type="Event", source="api"))
    account.settle()
    (lane,) = (lanes["async_throttle"] for lanes in _lanes({"outage_min": 30}))
    assert [entry.at_ms / 1000 - NOW for entry in account.timeline.since(kind="retry")] == lane["attempts"][:-1]
    assert account.runtime.events[1].deadline_ms / 1000 - 3 - NOW == lane["attempts"][-1]


@pytest.mark.parametrize(("visibility_s", "max_receives", "outage_min"), [(40, 3, 60), (40, 5, 2.2), (100, 10, 5.2)])
def test_a_message_is_received_when_the_model_says(visibility_s, max_receives, outage_min):
    with polled() as world:
        begin = world.on.control.now()["now"]
        world.function(FAILS_UNTIL.format(until=begin + outage_min * 60))
        dead = world.on.queue("dead")
        redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": max_receives})
        world.map(world.on.queue(VisibilityTimeout=str(visibility_s), RedrivePolicy=redrive))
        world.send("a")
        world.settle()
        entries = [entry for entry in world.on.control.timeline() if entry["kind"] == "poll"]
        lane = _lanes({"outage_min": outage_min, "visibility_s": visibility_s, "max_receives": max_receives})[0]["sqs"]
        assert [(entry["at_ms"] - entries[0]["at_ms"]) / 1000 for entry in entries] == pytest.approx(lane["attempts"], abs=0.5)
        assert len(world.on.messages("dead")) == (lane["fate"] == "kept")


def test_batches_at_once_grow_as_in_the_account():
    for ceiling in (0, 50, 700):
        scaling = Scaling(ceiling)
        rows = result("sqs-scaling", backlog=5_000_000, arrive_rps=20_000, max_concurrency=ceiling, concurrency=1250)["rows"]
        assert [row["batches"] for row in rows[:400]] == [scaling.allowed(float(row["at"])) for row in rows[:400]]


def test_an_alias_sends_about_as_many_requests_to_the_new_version_as_the_model_takes():
    account = SmallAccount()
    record = account.function()
    for version in ("1", "2"):
        record.published[version] = replace(record.latest, version=version)
    record.aliases["live"] = Alias(name="live", version="1", revision_id="r", weights={"2": 0.1})
    calls = 2000
    versions = [account.invoke(qualifier="live").executed_version for _ in range(calls)]
    share = result("canary", pace="canary-5")["rows"][0]["share"]
    spread = math.sqrt(calls * share * (1 - share))
    assert versions.count("2") == pytest.approx(calls * share, abs=4 * spread)
