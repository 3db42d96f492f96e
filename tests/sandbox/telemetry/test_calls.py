from __future__ import annotations

from sandbox.telemetry.calls import CallLog


def _log() -> CallLog:
    calls = CallLog(limit=4)
    calls.add(1, "1", "us-east-1", "s3", "GetObject", "arn:aws:iam::1:user/learner", ("arn:aws:s3:::b/k",))
    calls.add(
        2,
        "1",
        "us-east-1",
        "s3",
        "PutObject",
        "arn:aws:iam::1:user/learner",
        allowed=False,
        statement="identity p[0]",
        status=403,
    )
    calls.add(3, "1", "us-east-1", "sqs", "SendMessage", "arn:aws:sts::1:assumed-role/worker/hello", fault="fault-1")
    return calls


def test_calls_are_found_by_what_they_were() -> None:
    calls = _log()
    assert [record.operation for record in calls.since(service="s3")] == ["GetObject", "PutObject"]
    assert [record.operation for record in calls.since(allowed=False)] == ["PutObject"]
    assert [record.operation for record in calls.since(principal="worker")] == ["SendMessage"]
    assert [record.operation for record in calls.since(arn="b/k")] == ["GetObject"]
    assert [record.operation for record in calls.since(operation="PutObject", service="s3")] == ["PutObject"]


def test_a_reader_can_ask_for_what_is_new_and_for_less() -> None:
    calls = _log()
    assert [record.number for record in calls.since(1)] == [2, 3]
    assert [record.number for record in calls.since(limit=1)] == [1]


def test_old_calls_are_dropped_and_counted() -> None:
    calls = _log()
    for _ in range(5):
        calls.add(9, "1", "us-east-1", "sts", "GetCallerIdentity", "arn")
    assert (len(calls), calls.dropped, calls.total) == (4, 4, 8)
    calls.clear()
    assert (len(calls), calls.dropped) == (0, 0)


def test_a_record_is_json() -> None:
    (record,) = _log().since(limit=1)
    assert record.as_dict()["arns"] == ["arn:aws:s3:::b/k"]
    assert record.as_dict()["number"] == 1
