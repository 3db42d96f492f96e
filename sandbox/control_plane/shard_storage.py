"""What a Kinesis shard does with its records, in place of moto's: each call costs what it gives.

Records end with the stream's retention; closed shards take no more and keep theirs (Kinesis guide, "Resharding a stream").
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any


def install(kinesis_models: Any) -> None:
    shard, stream = kinesis_models.Shard, kinesis_models.Stream
    record = kinesis_models.Record

    def put_record(self: Any, partition_key: str, data: str, explicit_hash_key: str) -> str:
        number = _last(self) + 1
        self.__dict__["_last_number"] = number
        self.records[number] = record(partition_key, data, number, explicit_hash_key)
        return str(number)

    shard.put_record = put_record
    shard.get_max_sequence_number = _last
    shard.get_records = get_records
    stream.get_shard_for_key = _among_open_shards(stream.get_shard_for_key)
    stream.get_shard = _trimmed(stream.get_shard, kinesis_models)
    stream.split_shard = _leaving_records(stream.split_shard)
    stream.merge_shards = _leaving_records(stream.merge_shards)


def get_records(self: Any, last_sequence_id: str, limit: int | None) -> tuple[list[Any], int, int]:
    """Numbers are consecutive, so the first one to give is known."""
    last = int(last_sequence_id)
    first = max(last + 1, next(iter(self.records), last + 1))
    ends = _last(self) + 1 if self.records else first
    results = [self.records[number] for number in range(first, min(ends, first + (limit or 10_000)))]
    if not results:
        return [], last, 0
    newest = self.records[next(reversed(self.records))]
    return results, results[-1].sequence_number, int((newest.created_at - results[-1].created_at) * 1000)


def _last(shard: Any) -> int:
    found: int = shard.__dict__.get("_last_number", 0)
    return found


def _trimmed(get_shard: Callable[..., Any], models: Any) -> Callable[..., Any]:
    def trimmed(self: Any, shard_id: str) -> Any:
        found = get_shard(self, shard_id)
        oldest = models.unix_time() - int(self.retention_period_hours) * 3_600.0
        while found.records and next(iter(found.records.values())).created_at < oldest:
            found.records.popitem(last=False)
        return found

    return trimmed


def _among_open_shards(get_shard_for_key: Callable[..., Any]) -> Callable[..., Any]:
    def for_key(self: Any, partition_key: str, explicit_hash_key: str) -> Any:
        shards = self.shards
        self.shards = {name: shard for name, shard in shards.items() if shard.is_open}
        try:
            return get_shard_for_key(self, partition_key, explicit_hash_key)
        finally:
            self.shards = shards

    return for_key


def _leaving_records(reshard: Callable[..., None]) -> Callable[..., None]:
    """moto copies the records into the new shards under new numbers, so that every reader would see them twice."""

    def resharded(self: Any, *args: Any) -> None:
        kept = {name: shard.records for name, shard in self.shards.items()}
        for shard in self.shards.values():
            shard.records = OrderedDict()
        try:
            reshard(self, *args)
        finally:
            for name, records in kept.items():
                self.shards[name].records = records

    return resharded
