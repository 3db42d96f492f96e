"""What dead letters, destinations, S3 and SNS say, member by member, against recorded answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.iam.principal import Principal
from sandbox.triggers.s3_event import ObjectEvent, bus_event, record
from tests.sandbox.delivery.stage import ACCOUNT, ECHOES, RAISES, Stage, stage


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def at(account_of_module: Stage) -> Stage:
    return account_of_module.again()


def _object_event(name: str, **fields: Any) -> ObjectEvent:
    user = Principal("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/learner", user_id="AIDAEXAMPLE")
    return ObjectEvent(
        name, "photos", ACCOUNT, "us-east-1", "my_key_0", 1_795_000_000.5, "00", user, "1.2.3.4", "id", "id-2", **fields
    )


def _shape(value: Any) -> Any:
    return {key: _shape(inner) for key, inner in value.items()} if isinstance(value, dict) else type(value).__name__


def test_an_s3_record() -> None:
    """localstack/localstack …/s3/test_s3_notifications_sqs.snapshot.json, test_object_created_put, 2023-08-05."""
    made = record(_object_event("ObjectCreated:Put", size=9, etag="437b930db84b8079c2dd804a71936b5f", version_id="v"), "config")
    assert _shape(made) == {
        "awsRegion": "str",
        "eventName": "str",
        "eventSource": "str",
        "eventTime": "str",
        "eventVersion": "str",
        "requestParameters": {"sourceIPAddress": "str"},
        "responseElements": {"x-amz-id-2": "str", "x-amz-request-id": "str"},
        "s3": {
            "bucket": {"arn": "str", "name": "str", "ownerIdentity": {"principalId": "str"}},
            "configurationId": "str",
            "object": {"eTag": "str", "key": "str", "sequencer": "str", "size": "int", "versionId": "str"},
            "s3SchemaVersion": "str",
        },
        "userIdentity": {"principalId": "str"},
    }
    assert made["eventTime"] == "2026-11-18T11:06:40.500Z"


def test_an_s3_record_of_a_removal_has_neither_size_nor_etag() -> None:
    """The same file, test_object_created_and_object_removed."""
    assert record(_object_event("ObjectRemoved:Delete"), "c")["s3"]["object"] == {"key": "my_key_0", "sequencer": "00"}


@pytest.mark.parametrize(("key", "encoded"), [("a@b", "a%40b"), ("a b/c+d", "a+b/c%2Bd")])
def test_keys_are_encoded(key: str, encoded: str) -> None:
    """The same file, test_key_encoding; blanks as plus signs: S3 user guide, "event message structure"."""
    event = _object_event("ObjectCreated:Put", size=1, etag="e")
    made = record(ObjectEvent(**{name: getattr(event, name) for name in event.__slots__} | {"key": key}), "c")
    assert made["s3"]["object"]["key"] == encoded


def test_s3_events_for_eventbridge() -> None:
    """localstack/localstack …/test_s3_notifications_eventbridge.snapshot.json, test_object_created_put, 2023-08-05."""
    created = bus_event(_object_event("ObjectCreated:Put", size=4, etag="e"), "id")
    assert created["detail"] == {
        "bucket": {"name": "photos"},
        "object": {"etag": "e", "key": "my_key_0", "sequencer": "00", "size": 4},
        "reason": "PutObject",
        "request-id": "id",
        "requester": ACCOUNT,
        "source-ip-address": "1.2.3.4",
        "version": "0",
    }
    deleted = bus_event(_object_event("ObjectRemoved:Delete"), "id")
    assert (deleted["detail-type"], deleted["detail"]["deletion-type"]) == ("Object Deleted", "Permanently Deleted")
    assert deleted["detail"]["object"] == {"key": "my_key_0", "sequencer": "00"}


@pytest.mark.parametrize(("source", "condition"), [(ECHOES, "Success"), (RAISES, "RetriesExhausted")])
def test_a_destination_record(at: Stage, source: str, condition: str) -> None:
    """localstack/localstack tests/aws/services/lambda_/test_lambda_destinations.snapshot.json, 2024-03-21."""
    arn = at.function(source=source)
    queue = at.queue()
    config = {"OnSuccess": {"Destination": queue}, "OnFailure": {"Destination": queue}}
    at.client("lambda").put_function_event_invoke_config(FunctionName="worker", MaximumRetryAttempts=0, DestinationConfig=config)
    at.start(payload={"raise_error": 1})
    at.settle()
    (made,) = at.bodies()
    request_id = made["requestContext"]["requestId"]
    assert made["requestContext"] == {
        "requestId": request_id,
        "functionArn": f"{arn}:$LATEST",
        "condition": condition,
        "approximateInvokeCount": 1,
    }
    failed = {"functionError": "Unhandled"} if condition != "Success" else {}
    assert made["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", **failed}
    assert made["requestPayload"] == {"raise_error": 1}


def test_a_destination_on_a_bus(at: Stage) -> None:
    """The same file, test_invoke_lambda_eventbridge, and its test: source, detail-type, resources [bus, function]."""
    arn = at.function(source=ECHOES)
    bus = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
    queue = at.queue(allow="events.amazonaws.com")
    events = at.client("events")
    events.put_rule(Name="results", EventPattern=json.dumps({"source": ["lambda"]}))
    events.put_targets(Rule="results", Targets=[{"Id": "q", "Arn": queue}])
    at.client("lambda").put_function_event_invoke_config(
        FunctionName="worker", DestinationConfig={"OnSuccess": {"Destination": bus}}
    )
    at.start(payload={"hello": "world"})
    at.settle()
    (made,) = at.bodies()
    assert (made["source"], made["detail-type"]) == ("lambda", "Lambda Function Invocation Result - Success")
    assert made["resources"] == [bus, f"{arn}:$LATEST"]
    assert made["detail"]["responsePayload"] == {"hello": "world"}


def test_a_dead_letter(at: Stage) -> None:
    """localstack/localstack …/lambda_/test_lambda_destinations.snapshot.json, test_dead_letter_queue, 2024-03-21."""
    at.function(source=RAISES, DeadLetterConfig={"TargetArn": at.queue()})
    at.start(payload={"raise_error": 1})
    at.settle()
    (message,) = at.messages()
    assert json.loads(message["Body"]) == {"raise_error": 1}
    assert message["MD5OfBody"] == "ba08269cbd0ce515889bfba6593731e1"
    attributes = message["MessageAttributes"]
    assert attributes["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}
    assert attributes["ErrorMessage"] == {"DataType": "String", "StringValue": "no"}
    assert attributes["RequestID"]["DataType"] == "String"
