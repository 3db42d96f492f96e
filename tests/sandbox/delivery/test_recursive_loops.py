"""Chains that come back to the same function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.delivery.stage import ACCOUNT, Stage, stage

COPIES = """
import boto3
def handler(event, context):
    record = event["Records"][0]["s3"]
    boto3.client("s3").put_object(Bucket=record["bucket"]["name"], Key=record["object"]["key"] + "x", Body=b"copy")
"""
CALLS_ITSELF = """
import boto3
def handler(event, context):
    boto3.client("lambda").invoke(FunctionName="worker", InvocationType="Event", Payload=b"{}")
"""
COUNTS_DOWN = """
import boto3, json
def handler(event, context):
    if event["n"]:
        payload = json.dumps({"n": event["n"] - 1})
        boto3.client("lambda").invoke(FunctionName="worker", InvocationType="Event", Payload=payload)
"""
FANS_OUT = """
import boto3
def handler(event, context):
    if event.get("many"):
        for n in range(20):
            boto3.client("lambda").invoke(FunctionName="worker", InvocationType="Event", Payload=b"{}")
"""


@pytest.fixture(scope="module")
def account_of_module() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.fixture
def at(account_of_module: Stage) -> Stage:
    return account_of_module.again()


def _loop(at: Stage, **settings: Any) -> None:
    at.client("s3").create_bucket(Bucket="loop")
    at.allow(at.function(source=COPIES, Timeout=10, **settings), "s3.amazonaws.com")
    rule = {"LambdaFunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:worker", "Events": ["s3:ObjectCreated:*"]}
    at.client("s3").put_bucket_notification_configuration(
        Bucket="loop", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )
    at.client("s3").put_object(Bucket="loop", Key="a", Body=b"first")
    at.settle()


def test_a_function_that_writes_where_it_is_triggered_is_stopped_after_16_rounds(at: Stage) -> None:
    """Lambda guide, "invocation-recursion": approximately 16 invocations; its dead letters are kept."""
    _loop(at)
    assert len(at.client("s3").list_objects_v2(Bucket="loop")["Contents"]) == 17
    books = at.books("asynchronous events")
    assert (books["processed"], books["dropped"], books["balanced"]) == (16, {"RecursiveInvocation": 1}, True)
    assert at.metric("RecursiveInvocationsDropped") == 1


@pytest.mark.parametrize("mode", ["Active", "PassThrough"])
def test_a_traced_loop_is_stopped_as_well(at: Stage, mode: str) -> None:
    """Lambda guide, "invocation-recursion": Lambda reads the chain from the trace header and needs no active tracing for it."""
    _loop(at, TracingConfig={"Mode": mode})
    assert at.books("asynchronous events")["dropped"] == {"RecursiveInvocation": 1}


def test_a_function_that_starts_itself_is_stopped_too(at: Stage) -> None:
    at.function(source=CALLS_ITSELF, DeadLetterConfig={"TargetArn": at.queue()})
    at.start()
    at.settle()
    assert at.books("asynchronous events")["processed"] == 16
    assert len(at.messages()) == 1


def test_many_events_from_one_invocation_are_no_loop(at: Stage) -> None:
    at.function(source=FANS_OUT, Timeout=60)  # twenty calls take seconds on a busy machine, in a page most of all
    at.start(payload={"many": True})
    at.settle()
    assert at.books("asynchronous events")["processed"] == 21


def test_a_loop_may_be_allowed(at: Stage) -> None:
    at.function(source=COUNTS_DOWN)
    at.client("lambda").put_function_recursion_config(FunctionName="worker", RecursiveLoop="Allow")
    at.start(payload={"n": 20})
    at.settle()
    books = at.books("asynchronous events")
    assert (books["processed"], books["dropped"]) == (21, {})
