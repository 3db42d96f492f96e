"""Accounts put together at random: every kind of source, functions that fail now and then, and what may go wrong on the way."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.sandbox.delivery.stage import ACCOUNT, REGION, Stage

FUNCTIONS = ("one", "two", "three")
_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
_SOURCES = ("s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com")
_MAY = ["logs:*", "sqs:*", "sns:*", "lambda:*", "events:*", "s3:*", "kinesis:*", "dynamodb:*"]
_HANDLER = """
import time

def handler(event, context):
    text = str(event)
    if "slow" in text:
        time.sleep(20)
    if "always" in text:
        raise ValueError("always")
    if "half" in text and context.aws_request_id < "8":
        raise RuntimeError("half")
    failed = [record for record in (event.get("Records") or ()) if "part" in str(record)] if isinstance(event, dict) else []
    ids = [r.get("messageId") or r.get("kinesis", r.get("dynamodb", {})).get("sequenceNumber", "") for r in failed]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in ids]}
"""


class Topology:
    """Three functions, a bucket, a topic, a bus, a standard and a FIFO queue, a table and a stream, wired by ``draw``."""

    def __init__(self, at: Stage, draw: random.Random) -> None:
        self.at = at
        self.draw = draw
        self.role = at.role("reader", _MAY)
        self.streamed = {"stream/clicks": 0, "table/orders": 0}
        self.dead = at.queue("dead", MessageRetentionPeriod="1209600", Policy=_open("dead"))
        self.inbox = at.queue("inbox", VisibilityTimeout="120", RedrivePolicy=self._redrive(self.dead), Policy=_open("inbox"))
        dead_fifo = at.queue("dead.fifo", FifoQueue="true", MessageRetentionPeriod="1209600")
        fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "120"}
        self.line = at.queue("line.fifo", RedrivePolicy=self._redrive(dead_fifo), **fifo)
        self._functions()
        self._pushers()
        self._readers()

    def happen(self, number: int) -> None:
        """One event at a source chosen at random."""
        text = f"{number} {self.draw.choice(('', '', '', 'always', 'half', 'part', 'slow'))}"
        self.draw.choice(
            (self._put, self._publish, self._emit, self._send, self._send_in_line, self._write, self._stream, self._start)
        )(text)

    def unread(self) -> list[str]:
        """Sources that hold something nobody was given."""
        books = self.at.control.balance()
        read = {name: sum(row["accepted"] for row in books if f"({name}" in row["source"]) for name in self.streamed}
        behind = [name for name, count in self.streamed.items() if read[name] < count]
        return behind + [name for name in ("inbox", "line.fifo") if self.at.messages(name)]

    def fault(self) -> dict[str, Any]:
        """One rule that ends: by count or by a window."""
        draw, now = self.draw, self.at.control.now()["now"]
        rule = dict(draw.choice(_FAULTS))
        rule["probability"] = round(draw.uniform(0.2, 1.0), 2)
        if draw.random() < 0.5:
            rule["count"] = draw.randrange(1, 20)
        else:
            rule["until"] = now + draw.choice((10, 120, 7200))
        if draw.random() < 0.3 and rule["kind"] in ("invocation", "throttle", "init", "environment"):
            rule["resource"] = f"*:function:{draw.choice(FUNCTIONS)}"
        return rule

    # -- wiring

    def _redrive(self, target: str) -> str:
        return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": self.draw.randint(1, 4)})

    def _functions(self) -> None:
        draw, at = self.draw, self.at
        for name in FUNCTIONS:
            dead = {"DeadLetterConfig": {"TargetArn": self.dead}} if draw.random() < 0.4 else {}
            at.function(name, _HANDLER, Role=self.role, Timeout=draw.choice((3, 30)), **dead)
            for service in _SOURCES:
                at.allow(name, service)
            if draw.random() < 0.5:
                destinations = {"OnFailure": {"Destination": draw.choice((self.dead, self.inbox))}}
                at.client("lambda").put_function_event_invoke_config(
                    FunctionName=name, DestinationConfig=destinations, MaximumRetryAttempts=draw.randrange(3)
                )
            if draw.random() < 0.3:
                at.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=draw.randrange(3))

    def _pushers(self) -> None:
        draw, at = self.draw, self.at
        self.topic = at.client("sns").create_topic(Name="news")["TopicArn"]
        statement = {"Effect": "Allow", "Principal": {"Service": list(_SOURCES)}, "Action": "sns:Publish", "Resource": self.topic}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        at.client("sns").set_topic_attributes(TopicArn=self.topic, AttributeName="Policy", AttributeValue=policy)
        for endpoint in draw.sample([*(_FUNCTION + name for name in FUNCTIONS), self.inbox], 2):
            redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": self.dead})} if draw.random() < 0.5 else {}
            protocol = "lambda" if ":lambda:" in endpoint else "sqs"
            at.client("sns").subscribe(TopicArn=self.topic, Protocol=protocol, Endpoint=endpoint, Attributes=redrive)
        at.client("s3").create_bucket(Bucket="photos")
        configuration = draw.choice(
            (
                {"LambdaFunctionConfigurations": [self._notify("LambdaFunctionArn", _FUNCTION + draw.choice(FUNCTIONS))]},
                {"TopicConfigurations": [self._notify("TopicArn", self.topic)]},
                {"QueueConfigurations": [self._notify("QueueArn", self.inbox)]},
                {"EventBridgeConfiguration": {}},
            )
        )
        at.client("s3").put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration=configuration)
        at.client("events").put_rule(Name="all", EventPattern=json.dumps({"source": ["shop", "aws.s3"]}))
        targets = [*(_FUNCTION + name for name in FUNCTIONS), self.inbox, self.topic]
        rows = [
            {"Id": str(place), "Arn": arn, "RetryPolicy": {"MaximumRetryAttempts": draw.randrange(4)}}
            | ({"DeadLetterConfig": {"Arn": self.dead}} if draw.random() < 0.5 else {})
            for place, arn in enumerate(draw.sample(targets, 2))
        ]
        at.client("events").put_targets(Rule="all", Targets=rows)

    @staticmethod
    def _notify(key: str, arn: str) -> dict[str, Any]:
        return {key: arn, "Events": ["s3:ObjectCreated:*"], "Id": "rule"}

    def _readers(self) -> None:
        draw, at = self.draw, self.at
        table = at.client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]["LatestStreamArn"]
        at.client("kinesis").create_stream(StreamName="clicks", ShardCount=draw.randint(1, 2))
        for source in (self.inbox, self.line):
            self._map(source, BatchSize=draw.choice((1, 3, 10)))
        for source in (str(table), f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"):
            more: dict[str, Any] = {"DestinationConfig": {"OnFailure": {"Destination": self.dead}}} if draw.random() < 0.5 else {}
            if draw.random() < 0.3:
                more["BisectBatchOnFunctionError"] = True
            if draw.random() < 0.2:
                more["ParallelizationFactor"] = 2
            self._map(
                source,
                StartingPosition="TRIM_HORIZON",
                BatchSize=draw.choice((1, 5, 50)),
                MaximumRetryAttempts=draw.randrange(4),
                **more,
            )

    def _map(self, source: str, **fields: Any) -> None:
        if self.draw.random() < 0.6:
            fields["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
        if self.draw.random() < 0.3 and not source.endswith(".fifo"):
            fields["MaximumBatchingWindowInSeconds"] = self.draw.choice((1, 20))
        self.at.client("lambda").create_event_source_mapping(
            EventSourceArn=source, FunctionName=self.draw.choice(FUNCTIONS), **fields
        )

    # -- events

    def _put(self, text: str) -> None:
        self.at.client("s3").put_object(Bucket="photos", Key=text, Body=b"x")

    def _publish(self, text: str) -> None:
        self.at.client("sns").publish(TopicArn=self.topic, Message=text)

    def _emit(self, text: str) -> None:
        entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"text": text})}
        self.at.client("events").put_events(Entries=[entry])

    def _send(self, text: str) -> None:
        self.at.client("sqs").send_message(QueueUrl=_url("inbox"), MessageBody=text)

    def _send_in_line(self, text: str) -> None:
        self.at.client("sqs").send_message(QueueUrl=_url("line.fifo"), MessageBody=text, MessageGroupId=self.draw.choice("gh"))

    def _write(self, text: str) -> None:
        self.streamed["table/orders"] += 1
        self.at.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": text}})

    def _stream(self, text: str) -> None:
        self.streamed["stream/clicks"] += 1
        self.at.client("kinesis").put_record(StreamName="clicks", Data=text.encode(), PartitionKey=self.draw.choice("abc"))

    def _start(self, text: str) -> None:
        self.at.start(self.draw.choice(FUNCTIONS), {"text": text})


_AWS = {"code": "ServiceUnavailable", "message": "m", "status": 503}
_OWN = "*amazonaws.com*"  # services' calls: the test's own clients are not what fails here
_ROLE = "*:assumed-role/*"
_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "call", "service": "sqs", "operation": "SendMessage", "caller": _OWN, "error": _AWS},
    {
        "kind": "call",
        "service": "sqs",
        "operation": "SendMessage",
        "caller": _OWN,
        "error": {"code": "AccessDenied", "status": 403},
    },
    {"kind": "call", "service": "sqs", "operation": "ReceiveMessage", "caller": _ROLE, "error": _AWS},
    {"kind": "call", "service": "sqs", "operation": "DeleteMessageBatch", "caller": _ROLE, "error": _AWS},
    {"kind": "call", "service": "sqs", "caller": _ROLE, "latency_s": 45},
    {"kind": "call", "service": "sns", "operation": "Publish", "caller": _OWN, "error": {"code": "Throttling", "status": 400}},
    {"kind": "call", "service": "lambda", "operation": "Invoke", "caller": _OWN, "error": _AWS},
    {"kind": "call", "service": "lambda", "operation": "Invoke", "caller": _OWN, "latency_s": 3},
    {"kind": "call", "service": "kinesis", "operation": "Get*", "error": {"code": "ExpiredIteratorException", "status": 400}},
    {"kind": "call", "service": "kinesis", "operation": "Get*", "error": {"code": "ProvisionedThroughputExceededException"}},
    {"kind": "call", "service": "dynamodbstreams", "error": {"code": "InternalServerError", "status": 500}},
    {"kind": "invocation", "error": {"code": "Broken"}},
    {"kind": "invocation", "error": {"code": "Broken"}, "run": True},
    {"kind": "invocation", "source": "sqs", "latency_s": 150},
    {"kind": "invocation", "latency_s": 2},
    {"kind": "throttle"},
    {"kind": "throttle", "error": {"code": "ServiceException", "status": 500}},
    {"kind": "init"},
    {"kind": "init", "latency_s": 20},
    {"kind": "environment", "when": "start"},
    {"kind": "environment", "when": "end"},
    {"kind": "environment", "when": "idle"},
    {"kind": "environment", "after_s": 2},
    {"kind": "delivery", "duplicates": 2},
    {"kind": "delivery", "delay_s": 90},
    {"kind": "delivery", "source": "sqs", "duplicates": 1, "delay_s": 5},
)


def _open(name: str) -> str:
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    statement = {"Effect": "Allow", "Principal": {"Service": list(_SOURCES)}, "Action": "sqs:SendMessage", "Resource": arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
