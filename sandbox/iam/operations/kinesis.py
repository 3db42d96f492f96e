"""Kinesis Data Streams."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check

_stream = by_name("stream/{}", "StreamARN", "StreamName")


def _consumer(request: Request) -> str:
    """A consumer's ARN ends with when it was made; a request that names it does not know that."""
    arn = request.text("ConsumerARN")
    return arn or f"{request.text('StreamARN')}/consumer/{request.text('ConsumerName')}:*"


def _records(request: Request) -> str:
    """GetRecords carries the ARN only when the client adds it; a shard iterator is opaque."""
    return request.text("StreamARN") or request.arn("stream/*")


def _encryption(request: Request) -> Iterable[Check]:
    checks = [request.own(str(_stream(request)))]
    key = request.text("KeyId")
    if key.startswith("arn:aws:kms:"):
        checks.append(request.own(key))
    return checks


RULES: Rules = {
    **table(
        {
            _stream: (
                "AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream DescribeStreamSummary "
                "GetShardIterator IncreaseStreamRetentionPeriod ListShards ListStreamConsumers ListTagsForStream MergeShards "
                "PutRecord PutRecords RegisterStreamConsumer RemoveTagsFromStream SplitShard UpdateMaxRecordSize "
                "UpdateStreamWarmThroughput DisableEnhancedMonitoring EnableEnhancedMonitoring UpdateShardCount UpdateStreamMode"
            ),
            _records: "GetRecords",
            _consumer: "DeregisterStreamConsumer DescribeStreamConsumer SubscribeToShard",
            given("ResourceARN"): (
                "DeleteResourcePolicy GetResourcePolicy ListTagsForResource PutResourcePolicy TagResource UntagResource"
            ),
            everything: "DescribeAccountSettings DescribeLimits ListStreams UpdateAccountSettings",
        }
    ),
    "StartStreamEncryption": _encryption,
    "StopStreamEncryption": _encryption,
}
