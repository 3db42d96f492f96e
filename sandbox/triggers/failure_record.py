"""What an on-failure destination of a stream mapping is sent when a batch is given up.

Shape: Lambda guide, "kinesis-on-failure-destination" and "services-dynamodb-errors". Queues and topics get where the batch is,
a bucket also what was in it. Members of the response are left out when the function never answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Sender, compact
from sandbox.functions.event_source_mappings import EventSourceMapping
from sandbox.functions.moments import millis
from sandbox.ids import Ids
from sandbox.invocation.call import Answer
from sandbox.triggers.source import Record
from sandbox.triggers.stream_kind import Shard, StreamKind


def document(
    mapping: EventSourceMapping,
    kind: StreamKind,
    shard: Shard,
    records: Sequence[Record],
    condition: str,
    invocations: int,
    answer: Answer | None,
    request_id: str,
    now: float,
) -> dict[str, Any]:
    """``condition`` is RetryAttemptsExhausted or RecordAgeExceeded; the function's ARN is as the mapping has it."""
    made: dict[str, Any] = {
        "requestContext": {
            "requestId": answer.request_id if answer else request_id,
            "functionArn": mapping.function_arn,
            "condition": condition,
            "approximateInvokeCount": invocations,
        }
    }
    if answer is not None:
        made["responseContext"] = {
            "statusCode": answer.status,
            "executedVersion": answer.executed_version,
            "functionError": answer.function_error or None,
        }
    first, last = records[0], records[-1]
    made |= {
        "version": "1.0",
        "timestamp": _zulu(now),
        kind.batch_info: {
            "shardId": shard.shard_id,
            "startSequenceNumber": first.id,
            "endSequenceNumber": last.id,
            "approximateArrivalOfFirstRecord": _zulu(first.arrived),
            "approximateArrivalOfLastRecord": _zulu(last.arrived),
            "batchSize": len(records),
            "streamArn": shard.stream_arn,
        },
    }
    return made


def errand(
    sender: Sender,
    destination: str,
    mapping: EventSourceMapping,
    shard: Shard,
    made: dict[str, Any],
    event: bytes,
    clock: Clock,
    ids: Ids,
) -> Errand:
    """``event`` is what the function was given; only a bucket gets it."""
    where = Arn.parse(destination)
    if where.service == "sqs":
        return sender.to_queue(destination, compact(made))
    if where.service == "sns":
        return sender.to_topic(destination, compact(made))
    now = clock.datetime()
    key = f"aws/lambda/{mapping.uuid}/{shard.shard_id}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{ids.uuid()}"
    body = compact({**made, "payload": event.decode()}).encode()
    return sender.to_bucket(where.resource, key, body, mapping.account_id, mapping.region)


def _zulu(at: float) -> str:
    return millis(at).replace("+0000", "Z")
