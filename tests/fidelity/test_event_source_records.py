"""What a function is given from queues and streams, member by member.

Source: the example events of the Lambda guide, "with-sqs", "with-kinesis", "with-ddb", "kinesis-on-failure-destination". Not yet
compared with a recorded answer of AWS; ``docs/fidelity.md`` lists it as unsure.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

import pytest

from tests.sandbox.triggers.polled import ACCOUNT, FAILS, REGION, Polled, polled


@pytest.fixture(scope="module")
def world() -> Iterator[Polled]:
    with polled(start=1_800_000_000.0) as made:
        made.function()
        yield made


def last_record(world: Polled, part: str) -> dict:
    return next(event["Records"][0] for event in reversed(world.events()) if part in event["Records"][0]["eventSourceARN"])


def test_a_queues_record(world: Polled) -> None:
    """Lambda guide, with-sqs, "Example standard queue message event"; binary attributes as recorded."""
    world.map(world.on.queue())
    sent = world.on.client("sqs").send_message(
        QueueUrl=world.url(),
        MessageBody="hello",
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "order"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
        },
    )
    world.settle()
    record = last_record(world, ":sqs:")
    assert list(record) == [
        "messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfMessageAttributes", "md5OfBody",
        "eventSource", "eventSourceARN", "awsRegion",
    ]  # fmt: skip
    assert record["messageId"] == sent["MessageId"]
    assert record["md5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert record["md5OfBody"] == hashlib.md5(b"hello", usedforsecurity=False).hexdigest()
    assert set(record["attributes"]) == {
        "ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp",
    }  # fmt: skip
    assert record["attributes"]["SentTimestamp"] == "1800000000000"
    assert record["messageAttributes"] == {
        "kind": {"stringValue": "order", "stringListValues": [], "binaryListValues": [], "dataType": "String"},
        "raw": {"binaryValue": "AAE=", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"},
    }
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", REGION)


def test_a_fifo_queues_record_names_its_group(world: Polled) -> None:
    """Lambda guide, with-sqs, "Example FIFO queue message event"."""
    world.map(world.on.queue("inbox.fifo", FifoQueue="true"))
    world.send("hello", queue="inbox.fifo", group="g")
    world.settle()
    attributes = last_record(world, "inbox.fifo")["attributes"]
    assert attributes["MessageGroupId"] == "g"
    assert attributes["MessageDeduplicationId"] == "g-hello"
    assert attributes["SequenceNumber"].isdigit()


def test_a_kinesis_record(world: Polled) -> None:
    """Lambda guide, with-kinesis, "Example event"."""
    world.map(world.stream(), StartingPosition="TRIM_HORIZON")
    world.put("hello", key="partition")
    world.settle()
    record = last_record(world, ":kinesis:")
    assert list(record) == [
        "kinesis", "eventSource", "eventVersion", "eventID", "eventName", "invokeIdentityArn", "awsRegion", "eventSourceARN",
    ]  # fmt: skip
    inner = record["kinesis"]
    assert (inner["kinesisSchemaVersion"], inner["partitionKey"]) == ("1.0", "partition")
    assert base64.b64decode(inner["data"]) == b"hello"
    assert isinstance(inner["approximateArrivalTimestamp"], float)
    assert record["eventID"] == f"shardId-000000000000:{inner['sequenceNumber']}"
    assert record["eventName"] == "aws:kinesis:record"
    assert record["invokeIdentityArn"] == f"arn:aws:iam::{ACCOUNT}:role/reader"


def test_a_tables_record(world: Polled) -> None:
    """Lambda guide, with-ddb, "Example event"; recorded: the creation time is seconds as a float."""
    world.map(world.table(), StartingPosition="LATEST")
    table = world.on.client("dynamodb")
    table.put_item(TableName="orders", Item={"id": {"S": "1"}, "raw": {"B": b"\x00\x01"}, "many": {"BS": [b"\x02"]}})
    world.settle()
    record = last_record(world, ":dynamodb:")
    assert set(record) == {
        "eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb", "eventSourceARN",
    }  # fmt: skip
    inner = record["dynamodb"]
    assert inner["NewImage"] == {"id": {"S": "1"}, "raw": {"B": "AAE="}, "many": {"BS": ["Ag=="]}}
    assert inner["Keys"] == {"id": {"S": "1"}}
    assert inner["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert isinstance(inner["ApproximateCreationDateTime"], float)
    assert inner["SequenceNumber"].isdigit()
    assert "OldImage" not in inner


def test_what_a_destination_is_sent() -> None:
    """Lambda guide, kinesis-on-failure-destination, "Example Amazon SNS and Amazon SQS invocation record"."""
    with polled(start=1_800_000_000.0) as world:
        world.function(FAILS)
        queue = world.on.queue("failures")
        destination = {"OnFailure": {"Destination": queue}}
        stream = world.stream()
        world.map(stream, StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0, DestinationConfig=destination)
        world.put("a", "b")
        world.settle()
        (record,) = world.on.bodies("failures")
    request_id = record["requestContext"].pop("requestId")
    assert len(request_id) == 36
    assert record == {
        "requestContext": {
            "functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 1,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2027-01-15T08:00:01.000Z",
        "KinesisBatchInfo": {
            "shardId": "shardId-000000000000",
            "startSequenceNumber": "1",
            "endSequenceNumber": "2",
            "approximateArrivalOfFirstRecord": "2027-01-15T08:00:00.000Z",
            "approximateArrivalOfLastRecord": "2027-01-15T08:00:00.000Z",
            "batchSize": 2,
            "streamArn": stream,
        },
    }
