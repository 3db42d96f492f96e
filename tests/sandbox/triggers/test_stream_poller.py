from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sandbox.triggers.mapping_reader import backoff_s
from tests.sandbox.triggers.polled import ACCOUNT, FAILS, POISON, REGION, REPORTS, Polled, counts, pattern, polled

COUNTS = """
import json
def handler(event, context):
    print('GOT ' + json.dumps(event))
    seen = event['state'].get('seen', 0) + len(event['Records'])
    return {'state': {'seen': seen}}
"""


@pytest.fixture
def world() -> Iterator[Polled]:
    with polled(start=1_800_000_000.0) as made:
        yield made


def test_records_of_a_shard_come_in_order(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=4)
    world.put(*"abcdefghij")
    world.settle()
    assert world.batches() == [list("abcd"), list("efgh"), list("ij")]
    assert counts(world.books()) == (10, 10, 0, {}, 0)


def test_latest_begins_with_what_comes_after_the_mapping(world: Polled) -> None:
    world.function()
    stream = world.stream()
    world.put("before")
    world.map(stream, StartingPosition="LATEST")
    world.put("after")
    world.settle()
    assert world.batches() == [["after"]]


def test_a_timestamp_begins_there(world: Polled) -> None:
    world.function()
    stream = world.stream()
    world.put("before")
    world.on.control.advance(100)
    world.put("after")
    world.map(stream, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1_800_000_050)
    world.settle()
    assert world.batches() == [["after"]]


def test_a_table_tells_its_changes(world: Polled) -> None:
    world.function()
    world.map(world.table(), StartingPosition="LATEST")
    table = world.on.client("dynamodb")
    table.put_item(TableName="orders", Item={"id": {"S": "1"}, "n": {"N": "1"}})
    table.update_item(
        TableName="orders", Key={"id": {"S": "1"}}, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": {"N": "2"}}
    )
    table.delete_item(TableName="orders", Key={"id": {"S": "1"}})
    batch = [{"PutRequest": {"Item": {"id": {"S": key}}}} for key in "23"]
    table.batch_write_item(RequestItems={"orders": batch})
    world.settle()
    assert [text for each in world.batches() for text in each] == ["INSERT 1", "MODIFY 1", "REMOVE 1", "INSERT 2", "INSERT 3"]
    assert world.on.client("lambda").get_event_source_mapping(UUID=world.uuid)["LastProcessingResult"] == "OK"


def test_a_failing_batch_blocks_its_shard_until_it_is_too_old(world: Polled) -> None:
    world.function(POISON)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=1, MaximumRecordAgeInSeconds=60)
    world.put("bad", "good")
    world.on.control.advance(30)
    assert {text for batch in world.batches() for text in batch} == {"bad"}
    world.settle()
    assert counts(world.books()) == (2, 0, 0, {"RecordAgeExceeded": 2}, 0)


def test_a_batch_waits_a_second_then_twice_as_long_each_time_and_never_more_than_a_minute() -> None:
    assert [backoff_s(attempt) for attempt in (1, 2, 3, 6, 7, 10_000)] == [1, 2, 4, 32, 60, 60]


def test_without_limits_a_batch_is_tried_until_the_stream_has_lost_it(world: Polled) -> None:
    world.function(POISON.replace("print('GOT ' + json.dumps(event))", "pass"))
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=1)
    world.put("bad")
    before = world.on.control.now()["now"]
    world.settle()
    assert 86_400 <= world.on.control.now()["now"] - before < 86_500
    assert counts(world.books()) == (1, 0, 0, {"expired from the stream": 1}, 0)


def test_retries_are_counted_and_then_the_shard_goes_on(world: Polled) -> None:
    world.function(POISON)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=1, MaximumRetryAttempts=2)
    world.put("bad", "good")
    world.settle()
    assert world.batches() == [["bad"], ["bad"], ["bad"], ["good"]]
    assert counts(world.books()) == (2, 1, 0, {"RetryAttemptsExhausted": 1}, 0)


def test_splitting_finds_the_poison_and_uses_up_no_retries(world: Polled) -> None:
    world.function(POISON)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0, BisectBatchOnFunctionError=True)
    world.put("a", "b", "bad", "d")
    world.settle()
    assert world.batches() == [["a", "b", "bad", "d"], ["a", "b"], ["bad", "d"], ["bad"], ["d"]]
    assert counts(world.books()) == (4, 3, 0, {"RetryAttemptsExhausted": 1}, 0)


def test_a_partial_answer_goes_on_at_the_first_failure(world: Polled) -> None:
    world.function(REPORTS)
    reports = ["ReportBatchItemFailures"]
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=1, FunctionResponseTypes=reports)
    world.put("a", "bad", "c")
    world.settle()
    assert world.batches() == [["a", "bad", "c"], ["bad", "c"]]
    assert counts(world.books()) == (3, 1, 0, {"RetryAttemptsExhausted": 2}, 0)


def test_a_queue_is_told_where_a_given_up_batch_is(world: Polled) -> None:
    world.function(FAILS)
    stream, queue = world.stream(), world.on.queue("failures")
    world.map(
        stream,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
    world.put("a", "b")
    world.settle()
    (record,) = world.on.bodies("failures")
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert record["KinesisBatchInfo"]["batchSize"] == 2
    assert "payload" not in record
    assert counts(world.books()) == (2, 0, 2, {}, 0)


def test_a_bucket_is_given_the_batch_as_well(world: Polled) -> None:
    world.function(FAILS)
    s3 = world.on.client("s3")
    s3.create_bucket(Bucket="failures")
    world.map(
        world.table(),
        StartingPosition="LATEST",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:s3:::failures"}},
    )
    world.on.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    world.settle()
    (stored,) = s3.list_objects_v2(Bucket="failures")["Contents"]
    assert stored["Key"].startswith(f"aws/lambda/{world.uuid}/shardId-00000001541626099285-f35f62ef/2027/01/15/2027-01-15T08.")
    record = json.loads(s3.get_object(Bucket="failures", Key=stored["Key"])["Body"].read())
    assert json.loads(record["payload"])["Records"][0]["eventName"] == "INSERT"
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_destination_that_refuses_loses_the_batch_but_says_so(world: Polled) -> None:
    world.function(FAILS)
    queue = world.on.queue("failures")
    destination = {"OnFailure": {"Destination": queue}}
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0, DestinationConfig=destination)
    world.on.restrict("reader", ["logs:*", "kinesis:*"])
    world.put("a")
    world.settle()
    assert counts(world.books()) == (1, 0, 0, {"RetryAttemptsExhausted": 1}, 0)
    assert "worker: on-failure destination refused: AccessDenied" in world.on.titles("drop")


def test_filtered_records_are_passed_over(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", FilterCriteria=pattern(data={"n": [{"numeric": [">", 1]}]}))
    world.put('{"n": 1}', '{"n": 2}', "no json")
    world.settle()
    assert world.batches() == [['{"n": 2}']]
    assert counts(world.books()) == (3, 1, 0, {"filtered": 2}, 0)


def test_a_filter_sees_a_tables_images(world: Polled) -> None:
    world.function()
    wanted = pattern(eventName=["INSERT"], dynamodb={"NewImage": {"kind": {"S": ["order"]}}})
    world.map(world.table(), StartingPosition="LATEST", FilterCriteria=wanted)
    table = world.on.client("dynamodb")
    for key, kind in (("1", "order"), ("2", "other")):
        table.put_item(TableName="orders", Item={"id": {"S": key}, "kind": {"S": kind}})
    world.settle()
    assert world.batches() == [["INSERT 1"]]


def test_a_window_gathers_records(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", MaximumBatchingWindowInSeconds=30)
    world.put("a")
    world.on.control.advance(20)
    world.put("b")
    world.on.control.advance(10)
    assert world.batches() == []
    world.on.control.advance(2)
    assert world.batches() == [["a", "b"]]


def test_lanes_keep_the_order_of_a_key(world: Polled) -> None:
    world.function(POISON)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", ParallelizationFactor=4, BatchSize=2, MaximumRetryAttempts=3)
    for number in range(6):
        for key in "pqrs":
            world.put(f"{key}{number}{' bad' if (key, number) == ('p', 2) else ''}", key=key)
    world.settle()
    for key in "pqrs":
        seen = [text[:2] for batch in world.batches() for text in batch if text[0] == key]
        assert list(dict.fromkeys(seen)) == [f"{key}{number}" for number in range(6)]
    unharmed = next(index for index, batch in enumerate(world.batches()) if "q5" in batch)
    poisoned = max(index for index, batch in enumerate(world.batches()) if "p2 bad" in batch)
    assert unharmed < poisoned  # another lane did not wait
    books = world.books()
    assert (books["accepted"], books["balanced"]) == (24, True)


def test_a_tumbling_window_hands_its_state_on_and_ends(world: Polled) -> None:
    world.function(COUNTS)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", TumblingWindowInSeconds=60, BatchSize=2)
    world.put("a", "b", "c")
    world.on.control.advance(59)
    assert [event["state"] for event in world.events()] == [{}, {"seen": 2}]
    world.on.control.advance(2)
    final = world.events()[-1]
    assert final["isFinalInvokeForWindow"] is True
    assert (final["state"], final["Records"]) == ({"seen": 3}, [])
    assert final["window"] == {"start": "2027-01-15T08:00:00Z", "end": "2027-01-15T08:01:00Z"}
    world.put("d")
    world.on.control.advance(2)
    assert world.events()[-1]["state"] == {}
    assert world.events()[-1]["window"]["start"] == "2027-01-15T08:01:00Z"


def test_a_tumbling_window_needs_a_state_in_the_answer(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", TumblingWindowInSeconds=60, MaximumRetryAttempts=1)
    world.put("a")
    world.on.control.advance(30)
    assert world.batches() == [["a"], ["a"]]
    assert counts(world.books()) == (1, 0, 0, {"RetryAttemptsExhausted": 1}, 0)


def test_a_disabled_mapping_goes_on_where_it_was(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON")
    world.put("a")
    world.settle()
    world.update(Enabled=False)
    world.put("b")
    world.settle()
    assert world.batches() == [["a"]]
    world.update(Enabled=True)
    world.settle()
    assert world.batches() == [["a"], ["b"]]


def test_a_deleted_mapping_reads_no_more(world: Polled) -> None:
    world.function(FAILS)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON")
    world.put("a")
    world.on.control.advance(2)
    world.on.client("lambda").delete_event_source_mapping(UUID=world.uuid)
    before = len(world.batches())
    world.settle()
    assert len(world.batches()) == before
    assert counts(world.books()) == (1, 0, 0, {"mapping deleted": 1}, 0)


def test_shards_that_come_later_are_read(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="LATEST")
    kinesis = world.on.client("kinesis")
    kinesis.split_shard(StreamName="clicks", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127))
    for key in "abcdef":
        world.put(key, key=key)
    world.settle()
    assert sorted(text for batch in world.batches() for text in batch) == list("abcdef")
    assert len({event["Records"][0]["eventID"].split(":")[0] for event in world.events()}) == 2


def test_the_age_of_records_is_measured(world: Polled) -> None:
    world.function()
    stream = world.stream()
    world.put("a")
    world.on.control.advance(100)
    world.map(stream, StartingPosition="TRIM_HORIZON")
    world.settle()
    assert world.on.metric("IteratorAge") == pytest.approx(101_000, abs=10)


def test_stream_calls_are_the_roles_and_recorded(world: Polled) -> None:
    world.function()
    world.map(world.table(), StartingPosition="LATEST")
    world.on.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    world.settle()
    calls = [call for call in world.on.control.calls() if call["service"] == "dynamodbstreams"]
    assert [call["operation"] for call in calls] == ["DescribeStream", "GetShardIterator", "GetRecords"]
    assert {call["principal"] for call in calls} == {f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/worker"}
    assert all(REGION in call["arns"][0] for call in calls)


def test_stream_records_end_after_a_day(world: Polled) -> None:
    world.function()
    arn = world.table()
    table = world.on.client("dynamodb")
    table.put_item(TableName="orders", Item={"id": {"S": "old"}})
    world.on.control.advance(86_401)
    table.put_item(TableName="orders", Item={"id": {"S": "new"}})
    world.map(arn, StartingPosition="TRIM_HORIZON")
    world.settle()
    assert world.batches() == [["INSERT new"]]


def test_a_batch_whose_checkpoint_is_lost_comes_again_before_what_follows_it(world: Polled) -> None:
    """Lambda guide, with-kinesis: event source mappings process each event "at least once", and a shard's records in order."""
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=2)
    world.on.control.add_fault(kind="delivery", source="kinesis", duplicates=2, count=1)
    world.put(*"abcd")
    world.settle()
    assert world.batches() == [["a", "b"]] * 3 + [["c", "d"]]
    assert counts(world.books()) == (4, 4, 0, {}, 0)


def test_a_late_batch_holds_its_shard_up(world: Polled) -> None:
    world.function()
    stream = world.stream()
    world.map(stream, StartingPosition="TRIM_HORIZON", BatchSize=1)
    world.on.control.add_fault(kind="delivery", resource=stream, delay_s=300, count=1)
    world.put("a", "b")
    world.on.control.advance(299)
    assert world.batches() == []
    world.on.control.advance(10)
    assert world.batches() == [["a"], ["b"]]


def test_a_batch_that_is_too_late_has_aged_out(world: Polled) -> None:
    world.function()
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=2, MaximumRecordAgeInSeconds=60)
    world.on.control.add_fault(kind="delivery", source="kinesis", delay_s=120, count=1)
    world.put("a", "b")
    world.settle()
    assert counts(world.books()) == (2, 0, 0, {"RecordAgeExceeded": 2}, 0)


def test_a_tables_changes_may_come_twice_too(world: Polled) -> None:
    world.function()
    table = world.table()
    world.map(table, StartingPosition="LATEST")
    world.on.control.add_fault(kind="delivery", source="dynamodb", resource=table.partition("/stream/")[0], duplicates=1, count=1)
    world.on.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    world.settle()
    assert world.batches() == [["INSERT 1"]] * 2


def test_a_window_counts_a_batch_once_that_came_twice(world: Polled) -> None:
    """The state is what Lambda kept; with the checkpoint it was lost, so the second run begins from the same."""
    world.function(COUNTS)
    world.map(world.stream(), StartingPosition="TRIM_HORIZON", BatchSize=2, TumblingWindowInSeconds=60)
    world.on.control.add_fault(kind="delivery", source="kinesis", duplicates=1, count=1)
    world.put("a", "b", "c")
    world.settle()
    assert [(len(each["Records"]), each["state"]) for each in world.events()] == [
        (2, {}),
        (2, {}),
        (1, {"seen": 2}),
        (0, {"seen": 3}),
    ]
