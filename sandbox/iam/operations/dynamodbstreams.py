"""DynamoDB Streams."""

from __future__ import annotations

from sandbox.iam.operations.request import Request, Rules, everything, given, table


def _iterator(request: Request) -> str:
    """A shard iterator begins with the ARN of its stream."""
    iterator = request.text("ShardIterator")
    return iterator.partition("|")[0] if iterator.startswith("arn:") else "*"


RULES: Rules = table({given("StreamArn"): "DescribeStream GetShardIterator", _iterator: "GetRecords", everything: "ListStreams"})
