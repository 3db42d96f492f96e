"""Kinesis records as Lambda sees them (Lambda guide, with-kinesis; filters see ``data`` decoded)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from sandbox.triggers.batch import encoded
from sandbox.triggers.event_filter import readable
from sandbox.triggers.source import Record
from sandbox.triggers.stream_kind import Shard, StreamKind


def record_of(shard: Shard, record: Mapping[str, Any]) -> Record:
    number, data, arrived = record["SequenceNumber"], bytes(record["Data"]), record["ApproximateArrivalTimestamp"].timestamp()
    inner = {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": record["PartitionKey"],
        "sequenceNumber": number,
        "data": base64.b64encode(data).decode(),
        "approximateArrivalTimestamp": round(arrived, 3),
    }
    event = {
        "kinesis": inner,
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard.shard_id}:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": shard.role_arn,
        "awsRegion": shard.region,
        "eventSourceARN": shard.stream_arn,
    }
    view = {**event, **inner, "data": readable(data.decode(errors="replace"))}
    return Record(number, event, view, len(encoded(event)) + 1, arrived, record["PartitionKey"])


KINESIS = StreamKind("kinesis", "kinesis", "StreamARN", "KinesisBatchInfo", 1.0, 10_000, names_stream=True, record_of=record_of)
