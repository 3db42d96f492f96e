"""Random topologies of pushing sources under random faults: the books balance at every moment, and a seed replays."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.sandbox.delivery.stage import ACCOUNT, Stage, stage

SOURCE = """
def handler(event, context):
    text = str(event)
    if "always" in text:
        raise ValueError("always")
"""
FAULTS = (
    {"service": "sqs", "operation": "SendMessage", "error": {"code": "ServiceUnavailable", "status": 503}},
    {"service": "sqs", "operation": "SendMessage", "error": {"code": "AccessDenied", "status": 403}},
    {"service": "sns", "operation": "Publish", "error": {"code": "Throttling", "status": 400}},
    {"service": "lambda", "operation": "Invoke", "error": {"code": "TooManyRequestsException", "status": 429}},
    {"service": "lambda", "operation": "Invoke", "error": {"code": "ServiceException", "status": 500}},
    {"service": "sqs", "operation": "SendMessage", "latency_s": 3},
)


def _build(at: Stage, draw: random.Random) -> None:
    """Two functions, two queues, a topic and a bucket, wired at random."""
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:"
    topic = at.client("sns").create_topic(Name="news")["TopicArn"]
    at.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=_open(topic, "sns:Publish"))
    queues = [at.queue(name) for name in ("inbox", "dead")]
    for arn in queues:
        url = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{arn.rsplit(':', 1)[-1]}"
        at.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": _open(arn, "sqs:SendMessage")})
    for name in ("one", "two"):
        dead = {"DeadLetterConfig": {"TargetArn": queues[1]}} if draw.random() < 0.5 else {}
        at.function(name, SOURCE, **dead)
        for service in ("s3.amazonaws.com", "sns.amazonaws.com"):
            at.allow(name, service)
        if draw.random() < 0.5:
            config = {"OnFailure": {"Destination": queues[0]}, "OnSuccess": {"Destination": queues[1]}}
            at.client("lambda").put_function_event_invoke_config(
                FunctionName=name, DestinationConfig=config, MaximumRetryAttempts=draw.randrange(3)
            )
        if draw.random() < 0.3:
            at.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=draw.randrange(2))
        redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": queues[1]})} if draw.random() < 0.5 else {}
        at.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function + name, Attributes=redrive)
    at.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queues[0])
    at.client("s3").create_bucket(Bucket="source")
    at.client("s3").put_bucket_notification_configuration(Bucket="source", NotificationConfiguration=_notifications(draw, topic))


def _notifications(draw: random.Random, topic: str) -> dict[str, Any]:
    rules: dict[str, list[dict[str, Any]]] = {"TopicConfigurations": [], "LambdaFunctionConfigurations": []}
    for number, prefix in enumerate("abc"):
        common = {
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
            "Id": prefix,
        }
        if draw.random() < 0.4:
            rules["TopicConfigurations"].append({"TopicArn": topic, **common})
        else:
            name = ("one", "two")[number % 2]
            arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
            rules["LambdaFunctionConfigurations"].append({"LambdaFunctionArn": arn, **common})
    return {key: value for key, value in rules.items() if value}


def _open(arn: str, action: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": arn}]})


def _run(seed: int) -> tuple[list[tuple[str, str, int]], list[dict[str, Any]]]:
    """The timeline and the books of one run."""
    draw = random.Random(seed)
    with stage(seed=seed, start=1_795_000_000.0) as at:
        _build(at, draw)
        for _ in range(3):
            at.control.add_fault(**draw.choice(FAULTS), probability=round(draw.uniform(0.1, 0.6), 2), count=draw.randrange(1, 40))
        for number in range(30):
            key = f"{draw.choice('abcd')}/{number}{draw.choice(['', 'always'])}"
            at.client("s3").put_object(Bucket="source", Key=key, Body=b"x")
            at.control.advance(draw.choice([0, 0, 1, 30]))
            books = at.control.balance()
            assert all(row["balanced"] for row in books), books
        at.settle()
        books = at.control.balance()
        assert all(row["balanced"] and row["pending"] == 0 for row in books), books
        entries = at.account.account.timeline
        return [(entry.kind, entry.title, entry.at_ms) for entry in entries], books


@pytest.mark.parametrize("seed", [11, 12, 13, 14, 15, 16])
def test_the_books_balance_at_every_moment(seed: int) -> None:
    _, books = _run(seed)
    assert sum(row["accepted"] for row in books) >= 20


def test_a_seed_replays_the_same_timeline() -> None:
    assert _run(21) == _run(21)
