from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from sandbox.control_plane import log_store

HERE = ("123456789012", "us-east-1", "/aws/lambda/f")
NOW = 1_800_000_000_000


def write(plane, count=1, stream="s1", at=NOW, text="line"):
    store = plane.logs
    if not store.has_group(*HERE):
        store.create_group(*HERE)
    if not store.has_stream(*HERE, stream):
        store.create_stream(*HERE, stream)
    store.put(*HERE, stream, [(at + number, f"{text} {number}\n") for number in range(count)])


def test_what_a_function_writes_is_read_through_the_api(plane):
    write(plane, 3)
    logs = plane.client("logs")
    assert [row["logGroupName"] for row in logs.describe_log_groups()["logGroups"]] == ["/aws/lambda/f"]
    streams = logs.describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]
    assert (streams[0]["logStreamName"], streams[0]["firstEventTimestamp"]) == ("s1", NOW)
    events = logs.get_log_events(logGroupName="/aws/lambda/f", logStreamName="s1", startFromHead=True)["events"]
    assert [(event["timestamp"], event["message"]) for event in events] == [(NOW + n, f"line {n}\n") for n in range(3)]
    found = logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern='"line 1"')["events"]
    assert [event["message"] for event in found] == ["line 1\n"]


def test_later_lines_are_added_to_what_was_read_before(plane):
    write(plane)
    plane.client("logs").describe_log_groups()
    write(plane, at=NOW + 10, text="later")
    events = plane.client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert [event["message"] for event in events] == ["line 0\n", "later 0\n"]


def test_a_group_the_learner_made_is_used_and_its_retention_respected(make_plane):
    plane = make_plane(virtual=True, start=NOW / 1000)
    logs = plane.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/f")
    logs.put_retention_policy(logGroupName="/aws/lambda/f", retentionInDays=1)
    assert plane.logs.has_group(*HERE)
    write(plane)
    assert len(logs.filter_log_events(logGroupName="/aws/lambda/f")["events"]) == 1
    plane.world.clock.move_to(NOW / 1000 + 2 * 86_400)
    assert logs.filter_log_events(logGroupName="/aws/lambda/f")["events"] == []


def test_a_deleted_group_has_to_be_made_again(plane):
    write(plane)
    plane.client("logs").delete_log_stream(logGroupName="/aws/lambda/f", logStreamName="s1")
    assert plane.logs.has_group(*HERE)
    assert not plane.logs.has_stream(*HERE, "s1")
    plane.client("logs").delete_log_group(logGroupName="/aws/lambda/f")
    assert not plane.logs.has_group(*HERE)


def test_creating_a_group_that_lambda_made_is_a_conflict(plane):
    write(plane)
    with pytest.raises(ClientError, match="ResourceAlreadyExistsException"):
        plane.client("logs").create_log_group(logGroupName="/aws/lambda/f")


def test_a_group_keeps_the_newest_events_and_counts_the_rest(plane, monkeypatch):
    monkeypatch.setattr(log_store, "EVENTS_MAX", 100)
    write(plane, 150)
    plane.client("logs").describe_log_groups()
    write(plane, 30, stream="s2", at=NOW + 1000)
    events = plane.client("logs").filter_log_events(logGroupName="/aws/lambda/f", limit=1000)["events"]
    assert len(events) == 100
    assert events[-1]["message"] == "line 29\n"
    assert plane.logs.dropped() == {"/aws/lambda/f": 80}


def test_streams_are_bounded(plane, monkeypatch):
    monkeypatch.setattr(log_store, "STREAMS_MAX", 10)
    monkeypatch.setattr(log_store, "EVENTS_MAX", 15)
    for number in range(30):
        write(plane, stream=f"s{number}", at=NOW + number)
        plane.client("logs").describe_log_groups()
    streams = plane.client("logs").describe_log_streams(logGroupName="/aws/lambda/f", limit=50)["logStreams"]
    assert len(streams) <= 16


def test_a_reset_forgets_the_logs(plane):
    write(plane)
    plane.reset()
    assert plane.client("logs").describe_log_groups()["logGroups"] == []
    assert not plane.logs.has_group(*HERE)


def test_every_batch_can_be_forwarded_as_it_arrives(plane):
    seen = []
    plane.logs.forwards.append(lambda *batch: seen.append(batch))
    write(plane)
    assert seen == [(*HERE, "s1", [(NOW, "line 0\n")])]
