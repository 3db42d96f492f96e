"""What Kinesis and DynamoDB Streams do alike for a reader, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.triggers.source import Record


@dataclass(frozen=True, slots=True)
class Shard:
    """Where records come from: the stream, its shard, and the role that reads (Kinesis events carry it)."""

    stream_arn: str
    shard_id: str
    role_arn: str

    @property
    def region(self) -> str:
        return self.stream_arn.split(":", 5)[3]


@dataclass(frozen=True, slots=True)
class StreamKind:
    """``service`` is botocore's name; ``stream`` its parameter for the stream's ARN; ``batch_info`` the member of a failure
    record; ``poll_s`` how often Lambda looks at a shard.
    """

    source: str
    service: str
    stream: str
    batch_info: str
    poll_s: float
    read_max: int
    names_stream: bool  # GetRecords takes the stream's ARN as well
    record_of: Callable[[Shard, Mapping[str, Any]], Record]
