from __future__ import annotations

import pytest

QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"
FIFO = "arn:aws:sqs:us-east-1:111122223333:q.fifo"
STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/s"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-01-01T00:00:00.000"


def create(lab, source=QUEUE, **params):
    return lab.call("CreateEventSourceMapping", FunctionName="hello", EventSourceArn=source, **params)


def refused(lab, source=QUEUE, **params):
    return lab.refused("CreateEventSourceMapping", FunctionName="hello", EventSourceArn=source, **params)


def test_a_mapping_is_created_and_then_enabled(lab):
    lab.create()
    made = create(lab)
    assert (made["State"], made["StateTransitionReason"], made["BatchSize"]) == ("Creating", "USER_INITIATED", 10)
    assert lab.call("GetEventSourceMapping", UUID=made["UUID"])["State"] == "Enabled"


def test_a_mapping_may_start_disabled(lab):
    lab.create()
    made = create(lab, Enabled=False)
    assert lab.call("GetEventSourceMapping", UUID=made["UUID"])["State"] == "Disabled"


@pytest.mark.parametrize("source", [STREAM, TABLE])
def test_a_stream_gets_its_defaults(lab, source):
    lab.create()
    made = create(lab, source, StartingPosition="LATEST")
    assert (made["MaximumRetryAttempts"], made["ParallelizationFactor"], made["BatchSize"]) == (-1, 1, 100)


def test_the_qualifier_stays_in_the_function_arn(lab):
    lab.create(Publish=True)
    made = lab.call("CreateEventSourceMapping", FunctionName="hello:1", EventSourceArn=QUEUE)
    assert made["FunctionArn"] == lab.arn(qualifier="1")


@pytest.mark.parametrize(
    ("source", "fits", "breaks"),
    [
        (QUEUE, {"BatchSize": 10}, {"BatchSize": 11}),
        (QUEUE, {"BatchSize": 10_000, "MaximumBatchingWindowInSeconds": 1}, {"BatchSize": 10_001}),
        (FIFO, {"BatchSize": 10}, {"BatchSize": 11, "MaximumBatchingWindowInSeconds": 1}),
        (QUEUE, {"MaximumBatchingWindowInSeconds": 300}, {"MaximumBatchingWindowInSeconds": 301}),
        (QUEUE, {"ScalingConfig": {"MaximumConcurrency": 2}}, {"ScalingConfig": {"MaximumConcurrency": 1}}),
        (STREAM, {"ParallelizationFactor": 10}, {"ParallelizationFactor": 11}),
        (STREAM, {"MaximumRecordAgeInSeconds": -1}, {"MaximumRecordAgeInSeconds": -2}),
        (STREAM, {"TumblingWindowInSeconds": 900}, {"TumblingWindowInSeconds": 901}),
    ],
)
def test_limits_hold_on_both_sides(lab, source, fits, breaks):
    lab.create()
    start = {"StartingPosition": "LATEST"} if source == STREAM else {}
    assert refused(lab, source, **start, **breaks).status == 400
    assert create(lab, source, **start, **fits).items() >= fits.items()


def test_a_broker_needs_no_window_for_its_batch(lab):
    lab.create()
    broker = "arn:aws:mq:us-east-1:111122223333:broker:b:b-1"
    assert create(lab, broker, Queues=["q"])["BatchSize"] == 100


def test_what_belongs_to_streams_is_refused_for_queues_and_the_other_way_round(lab):
    lab.create()
    assert refused(lab, BisectBatchOnFunctionError=True).message == (
        "Unsupported BisectBatchOnFunctionError parameter for given event source mapping type."
    )
    error = refused(lab, STREAM, StartingPosition="LATEST", ScalingConfig={"MaximumConcurrency": 5})
    assert error.message == "Unsupported ScalingConfig parameter for given event source mapping type."


def test_a_second_mapping_of_the_pair_names_the_first(lab):
    lab.create()
    first = create(lab)
    error = refused(lab)
    assert (error.code, error.status) == ("ResourceConflictException", 409)
    assert error.message == (
        f'An event source mapping with SQS arn (" {QUEUE} ") and function (" hello ") already exists. '
        f"Please update or delete the existing mapping with UUID {first['UUID']}"
    )
    create(lab, TABLE, StartingPosition="TRIM_HORIZON")
    assert refused(lab, TABLE, StartingPosition="LATEST").message.startswith(f'The event source arn (" {TABLE} ") and function')


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"FunctionName": "hello"}, "Unrecognized event source."),
        ({"FunctionName": "hello", "EventSourceArn": "arn:aws:s3:::b"}, "Unrecognized event source."),
        ({"FunctionName": "ghost", "EventSourceArn": QUEUE}, "Function does not exist"),
        ({"FunctionName": "hello:7", "EventSourceArn": QUEUE}, "Function not found: arn:aws:lambda:us-east-1:111122223333:"),
        ({"FunctionName": "hello", "EventSourceArn": TABLE, "StartingPosition": "AT_TIMESTAMP"}, "Unsupported starting position"),
        ({"FunctionName": "hello", "EventSourceArn": STREAM}, "1 validation error detected: Value null at 'startingPosition'"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(lab, params, message):
    lab.create()
    assert lab.refused("CreateEventSourceMapping", **params).message.startswith(message)


@pytest.mark.parametrize("pattern", ["no json", "[]", '"text"'])
def test_a_filter_is_a_json_object(lab, pattern):
    lab.create()
    error = refused(lab, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    assert error.message == "Invalid filter pattern definition."
    good = {"Filters": [{"Pattern": '{"body": {"a": [1]}}'}]}
    assert create(lab, FilterCriteria=good)["FilterCriteria"] == good


def test_an_update_merges_and_passes_through_its_state(lab):
    lab.create()
    made = create(lab, FilterCriteria={"Filters": [{"Pattern": "{}"}]})
    changed = lab.call("UpdateEventSourceMapping", UUID=made["UUID"], BatchSize=5)
    assert (changed["State"], changed["BatchSize"]) == ("Updating", 5)
    assert changed["FilterCriteria"] == made["FilterCriteria"]
    assert lab.call("UpdateEventSourceMapping", UUID=made["UUID"], Enabled=False)["State"] == "Disabling"
    assert lab.call("GetEventSourceMapping", UUID=made["UUID"])["State"] == "Disabled"
    assert lab.call("UpdateEventSourceMapping", UUID=made["UUID"], Enabled=True)["State"] == "Enabling"
    assert "FilterCriteria" not in lab.call("UpdateEventSourceMapping", UUID=made["UUID"], FilterCriteria={})


def test_an_update_is_checked_against_what_it_makes_of_the_whole(lab):
    lab.create()
    made = create(lab, BatchSize=100, MaximumBatchingWindowInSeconds=5)
    error = lab.refused("UpdateEventSourceMapping", UUID=made["UUID"], MaximumBatchingWindowInSeconds=0)
    assert "Maximum batch window in seconds must be greater than 0" in error.message


def test_a_deleted_mapping_says_so_once(lab):
    lab.create()
    made = create(lab)
    assert lab.call("DeleteEventSourceMapping", UUID=made["UUID"])["State"] == "Deleting"
    for operation in ("GetEventSourceMapping", "DeleteEventSourceMapping", "UpdateEventSourceMapping"):
        assert lab.refused(operation, UUID=made["UUID"]).message == "The resource you requested does not exist."


def test_listings_filter_by_function_and_source(lab):
    lab.create()
    lab.create("hello2")
    made = create(lab)
    lab.call("CreateEventSourceMapping", FunctionName="hello2", EventSourceArn=FIFO)
    listed = lab.call("ListEventSourceMappings", FunctionName="hello")["EventSourceMappings"]
    assert [each["UUID"] for each in listed] == [made["UUID"]]
    listed = lab.call("ListEventSourceMappings", EventSourceArn=FIFO)["EventSourceMappings"]
    assert [each["FunctionArn"] for each in listed] == [lab.arn("hello2")]
    assert len(lab.call("ListEventSourceMappings")["EventSourceMappings"]) == 2


def test_a_mapping_survives_its_function(lab):
    lab.create()
    made = create(lab)
    lab.call("DeleteFunction", FunctionName="hello")
    assert lab.call("GetEventSourceMapping", UUID=made["UUID"])["FunctionArn"] == lab.arn()
