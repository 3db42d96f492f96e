"""The same over HTTP with functions in processes: an upload, a worker that dies, what is left in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sandbox.account import local_account
from tests.sandbox.delivery.stage import ACCOUNT, Stage

DIES_ONCE = """
import boto3, os
def handler(event, context):
    record = event["Records"][0]["s3"]
    s3, bucket, key = boto3.client("s3"), record["bucket"]["name"], record["object"]["key"]
    done = s3.list_objects_v2(Bucket=bucket, Prefix="seen/" + key).get("KeyCount")
    s3.put_object(Bucket=bucket, Key="seen/" + key, Body=b"")
    if not done:
        os.kill(os.getpid(), 9)
    s3.put_object(Bucket=bucket, Key="out/" + key, Body=context.aws_request_id.encode())
"""
ALWAYS_DIES = "import os\ndef handler(event, context):\n    os.kill(os.getpid(), 9)\n"


@pytest.fixture
def at() -> Iterator[Stage]:
    with local_account(virtual_time=True, seed=7) as account:
        made = Stage(account).again()
        made.client("s3").create_bucket(Bucket="photos")
        yield made


def _notify(at: Stage) -> None:
    at.allow("worker", "s3.amazonaws.com", SourceArn="arn:aws:s3:::photos", SourceAccount=ACCOUNT)
    rule = {
        "LambdaFunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker",
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in-"}]}},
    }
    at.client("s3").put_bucket_notification_configuration(
        Bucket="photos", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )


def test_a_worker_killed_in_the_middle_loses_no_event(at: Stage) -> None:
    at.function(source=DIES_ONCE, Timeout=20, MemorySize=512)
    _notify(at)
    for number in range(5):
        at.client("s3").put_object(Bucket="photos", Key=f"in-{number}", Body=b"x")
    at.settle()
    kept = at.client("s3").list_objects_v2(Bucket="photos", Prefix="out/")["Contents"]
    assert [row["Key"] for row in kept] == [f"out/in-{number}" for number in range(5)]
    books = at.books("asynchronous events")
    assert (books["accepted"], books["processed"], books["pending"]) == (5, 5, 0)
    assert at.books("s3 notifications")["processed"] == 5
    assert at.metric("Errors") == 5


def test_an_event_that_kills_every_worker_ends_in_the_dead_letter_queue(at: Stage) -> None:
    at.function(source=ALWAYS_DIES, DeadLetterConfig={"TargetArn": at.queue()})
    _notify(at)
    at.client("s3").put_object(Bucket="photos", Key="in-1", Body=b"x")
    before = at.control.now()["now"]
    at.settle()
    assert at.control.now()["now"] - before >= 180  # one minute, then two
    (message,) = at.messages()
    assert json.loads(message["Body"])["Records"][0]["s3"]["object"]["key"] == "in-1"
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"].endswith("signal: killed")
    assert at.books("asynchronous events")["dead_lettered"] == 1
