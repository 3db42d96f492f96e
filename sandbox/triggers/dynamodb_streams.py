"""Changes of a table as Lambda sees them (Lambda guide, with-ddb): DynamoDB's own JSON, binary values as base64."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from sandbox.triggers.batch import encoded
from sandbox.triggers.source import Record
from sandbox.triggers.stream_kind import Shard, StreamKind


def record_of(shard: Shard, record: Mapping[str, Any]) -> Record:
    inner = dict(record["dynamodb"])
    arrived = inner["ApproximateCreationDateTime"].timestamp()
    inner["ApproximateCreationDateTime"] = float(int(arrived))  # recorded: seconds, written as a float
    for member in ("Keys", "NewImage", "OldImage"):
        if member in inner:
            inner[member] = _plain(inner[member])
    event: dict[str, Any] = {
        "eventID": record["eventID"],
        "eventName": record["eventName"],
        "eventVersion": record.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": shard.region,
        "dynamodb": inner,
        "eventSourceARN": shard.stream_arn,
    }
    if record.get("userIdentity"):
        event["userIdentity"] = dict(record["userIdentity"])
    key = encoded(inner.get("Keys") or {}).decode()
    return Record(inner["SequenceNumber"], event, event, len(encoded(event)) + 1, arrived, key)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(each) for each in value]
    return value


DYNAMODB = StreamKind(
    "dynamodb", "dynamodbstreams", "StreamArn", "DDBStreamBatchInfo", 0.25, 1_000, names_stream=False, record_of=record_of
)
