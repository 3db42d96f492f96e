"""A stage for polled sources: queues, tables and streams mapped to one function of an in-process account."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.sandbox.delivery.stage import ACCOUNT, PRINTS, REGION, Stage, stage

FAILS = "import json\ndef handler(event, context):\n    print('GOT ' + json.dumps(event))\n    raise ValueError('no')\n"
POISON = """
import json, base64
def handler(event, context):
    print('GOT ' + json.dumps(event))
    texts = [base64.b64decode(r['kinesis']['data']).decode() if 'kinesis' in r else r['body'] for r in event['Records']]
    if any('bad' in text for text in texts):
        raise ValueError('poison')
"""
REPORTS = """
import json, base64
def handler(event, context):
    print('GOT ' + json.dumps(event))
    failures = []
    for r in event['Records']:
        text = base64.b64decode(r['kinesis']['data']).decode() if 'kinesis' in r else r['body']
        if 'bad' in text:
            failures.append({'itemIdentifier': r['kinesis']['sequenceNumber'] if 'kinesis' in r else r['messageId']})
    return {'batchItemFailures': failures}
"""


class Polled:
    def __init__(self, on: Stage) -> None:
        self.on = on
        self.role = on.role("reader", ["logs:*", "sqs:*", "sns:*", "dynamodb:*", "kinesis:*", "s3:*"])
        self.uuid = ""
        self.source = ""

    def function(self, source: str = PRINTS, name: str = "worker", **fields: Any) -> None:
        self.on.function(name, source, Role=self.role, **fields)

    def map(self, source_arn: str, **fields: Any) -> str:
        made = self.on.client("lambda").create_event_source_mapping(EventSourceArn=source_arn, FunctionName="worker", **fields)
        self.uuid, self.source = made["UUID"], source_arn
        return self.uuid

    def update(self, **fields: Any) -> dict[str, Any]:
        return dict(self.on.client("lambda").update_event_source_mapping(UUID=self.uuid, **fields))

    def url(self, queue: str = "inbox") -> str:
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"

    def send(self, *bodies: str, queue: str = "inbox", group: str = "") -> None:
        sqs = self.on.client("sqs")
        more = {"MessageGroupId": group} if group else {}
        for at in range(0, len(bodies), 10):
            entries = [{"Id": str(place), "MessageBody": body, **more} for place, body in enumerate(bodies[at : at + 10])]
            for entry in entries if group else ():
                entry["MessageDeduplicationId"] = f"{group}-{entry['MessageBody']}"
            sqs.send_message_batch(QueueUrl=self.url(queue), Entries=entries)

    def stream(self, name: str = "clicks", shards: int = 1) -> str:
        self.on.client("kinesis").create_stream(StreamName=name, ShardCount=shards)
        return f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{name}"

    def put(self, *texts: str, name: str = "clicks", key: str = "k") -> None:
        records = [{"Data": text.encode(), "PartitionKey": key} for text in texts]
        self.on.client("kinesis").put_records(StreamName=name, Records=records)

    def table(self, name: str = "orders", view: str = "NEW_AND_OLD_IMAGES") -> str:
        made = self.on.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
        )
        return str(made["TableDescription"]["LatestStreamArn"])

    def batches(self) -> list[list[str]]:
        """The texts of every batch the function was given, in order."""
        return [[_text(record) for record in event["Records"]] for event in self.events()]

    def events(self) -> list[Any]:
        """What the function was given, in the order it ran."""
        return [json.loads(text) for text in self.lines("GOT")]

    def lines(self, mark: str) -> list[str]:
        """What the function printed after a mark; nothing while it has never run."""
        logs = self.on.client("logs")
        if not logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/worker")["logGroups"]:
            return []
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName="/aws/lambda/worker", filterPattern=mark)
        lines = [line for page in pages for line in page["events"] if line["message"].startswith(f"{mark} ")]
        in_order = sorted(lines, key=lambda line: int(line["eventId"]))
        return [line["message"][len(mark) + 1 :].rstrip("\n") for line in in_order]

    def books(self) -> dict[str, Any]:
        return next(row for row in self.on.control.balance() if self.uuid in row["source"])

    def settle(self) -> None:
        self.on.settle()


def _text(record: dict[str, Any]) -> str:
    if "body" in record:
        return str(record["body"])
    if "kinesis" in record:
        return base64.b64decode(record["kinesis"]["data"]).decode()
    return f"{record['eventName']} {record['dynamodb']['Keys']['id']['S']}"


def counts(books: dict[str, Any]) -> tuple[int, int, int, dict[str, int], int]:
    assert books["balanced"], books
    return books["accepted"], books["processed"], books["dead_lettered"], books["dropped"], books["pending"]


def pattern(**fields: Any) -> dict[str, Any]:
    return {"Filters": [{"Pattern": json.dumps(fields)}]}


@contextmanager
def polled(**settings: Any) -> Iterator[Polled]:
    with stage(**settings) as on:
        yield Polled(on)
