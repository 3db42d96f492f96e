"""A queue's messages as Lambda sees them (Lambda guide, with-sqs), and the queue's own operations."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.arn import Arn
from sandbox.delivery.errand import queue_url
from sandbox.triggers.batch import encoded
from sandbox.triggers.event_filter import readable
from sandbox.triggers.source import Record

RECEIVE_MAX = 10
_ALWAYS = ("ApproximateReceiveCount", "AWSTraceHeader", "SentTimestamp", "SequenceNumber", "MessageGroupId", "SenderId",
           "MessageDeduplicationId", "ApproximateFirstReceiveTimestamp", "DeadLetterQueueSourceArn")  # fmt: skip


def receive(arn: Arn, count: int) -> dict[str, Any]:
    names = ["All"]
    return {
        "QueueUrl": queue_url(arn),
        "MaxNumberOfMessages": min(count, RECEIVE_MAX),
        "AttributeNames": names,
        "MessageAttributeNames": names,
        "WaitTimeSeconds": 0,
    }


def delete(arn: Arn, records: Sequence[Record]) -> dict[str, Any]:
    """``Id`` is the place in ``records``."""
    entries = [{"Id": str(place), "ReceiptHandle": record.handle} for place, record in enumerate(records)]
    return {"QueueUrl": queue_url(arn), "Entries": entries}


def record_of(arn: Arn, message: Mapping[str, Any]) -> Record:
    given = message.get("Attributes") or {}
    event: dict[str, Any] = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {name: given[name] for name in _ALWAYS if name in given},
        "messageAttributes": {name: _attribute(each) for name, each in (message.get("MessageAttributes") or {}).items()},
    }
    if message.get("MD5OfMessageAttributes"):
        event["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    event |= {
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": str(arn),
        "awsRegion": arn.region,
    }
    return Record(
        id=message["MessageId"],
        event=event,
        view={**event, "body": readable(message["Body"])},
        size=len(encoded(event)) + 1,
        arrived=int(given.get("SentTimestamp", 0)) / 1000.0,
        key=given.get("MessageGroupId", ""),
        handle=message["ReceiptHandle"],
    )


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "StringValue" in value:
        shown["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return {**shown, "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
