"""DynamoDB Streams read by position: iterators carry their place, and records end after a day.

moto keeps every iterator it ever gave, and every record. Here an iterator is ``<stream ARN>|1|<next sequence number>`` (a shard
iterator begins with its stream's ARN) and records older than 24 hours are trimmed (DynamoDB guide, "Streams").
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal

RETENTION_S = 86_400.0
_LIMIT_MAX = 1_000
_NUMBERED = {"AT_SEQUENCE_NUMBER": 0, "AFTER_SEQUENCE_NUMBER": 1}


def shard_of(world: World, stream_arn: str) -> Any:
    """The one shard moto gives a table's stream; None when the ARN names no stream that was ever on. Hold ``entered()``."""
    where = Arn.parse(stream_arn)
    name = where.resource.split("/")[1] if "/stream/" in where.resource else ""
    table = world.backend("dynamodb", where.account, where.region).tables.get(name)
    if table is None or table.latest_stream_label != where.resource.rsplit("/", 1)[-1]:
        return None
    return table.stream_shard


def has_more(world: World, iterator: str) -> bool:
    arn, position = _split(iterator)
    shard = shard_of(world, arn)
    return shard is not None and position < _end(shard)


def _end(shard: Any) -> int:
    return int(shard.starting_sequence_number) + len(shard.items)


def _split(iterator: str) -> tuple[str, int]:
    parts = iterator.split("|")
    if len(parts) != 3 or not parts[2].isdigit():
        raise AwsError("ValidationException", "Invalid ShardIterator")
    return parts[0], int(parts[2])


class StreamReads:
    def __init__(self, services: Services) -> None:
        self._world = services.world
        services.override("dynamodbstreams", "GetShardIterator", self.get_shard_iterator)
        services.override("dynamodbstreams", "GetRecords", self.get_records)

    def get_shard_iterator(self, call: ParsedCall, _r: HttpRequest, _a: str, _g: str, _p: Principal | None) -> dict[str, Any]:
        arn, kind = call.params["StreamArn"], call.params["ShardIteratorType"]
        shard = self._shard(arn)
        if shard.id != call.params["ShardId"]:
            asked = call.params["ShardId"]
            raise AwsError("ResourceNotFoundException", f"Requested resource not found: Shard: {asked} not found")
        position = int(shard.starting_sequence_number)
        if kind == "LATEST":
            position = _end(shard)
        elif kind in _NUMBERED:
            position = int(call.params.get("SequenceNumber") or 0) + _NUMBERED[kind]
            self._must_not_be_trimmed(shard, position)
        return {"ShardIterator": f"{arn}|1|{position}"}

    def get_records(self, call: ParsedCall, _r: HttpRequest, _a: str, _g: str, _p: Principal | None) -> dict[str, Any]:
        arn, position = _split(call.params["ShardIterator"])
        shard = self._shard(arn)
        self._must_not_be_trimmed(shard, position)
        region = Arn.parse(arn).region
        start = position - int(shard.starting_sequence_number)
        chosen = shard.items[start : start + int(call.params.get("Limit") or _LIMIT_MAX)]
        records = [{**item.record, "awsRegion": region} for item in chosen]
        return {"Records": records, "NextShardIterator": f"{arn}|1|{position + len(chosen)}"}

    def _shard(self, arn: str) -> Any:
        shard = shard_of(self._world, arn)
        if shard is None:
            raise AwsError("ResourceNotFoundException", f"Requested resource not found: Stream: {arn} not found")
        self._trim(shard)
        return shard

    def _trim(self, shard: Any) -> None:
        oldest = self._world.clock.now() - RETENTION_S
        count = 0
        for item in shard.items:
            if item.record["dynamodb"]["ApproximateCreationDateTime"].replace(tzinfo=UTC).timestamp() >= oldest:
                break
            count += 1
        if count:
            del shard.items[:count]
            shard.starting_sequence_number += count

    @staticmethod
    def _must_not_be_trimmed(shard: Any, position: int) -> None:
        if position < int(shard.starting_sequence_number):
            message = "The operation attempted to read past the oldest stream record in a shard."
            raise AwsError("TrimmedDataAccessException", message)
