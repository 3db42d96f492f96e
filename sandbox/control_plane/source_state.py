"""Looks into queues and streams for the pollers, without calling them: ``triggers.source.Sources`` on moto's state."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane import queue_storage, stream_iterators
from sandbox.control_plane.world import World
from sandbox.triggers.source import Fate

_TICK_S = 0.001  # moto compares in milliseconds: visible after, not at, the moment


class SourceState:
    def __init__(self, world: World) -> None:
        self._world = world

    def visibility_s(self, queue_arn: str) -> int | None:
        with self._world.entered():
            queue = self._queue(queue_arn)
            return int(queue.visibility_timeout) if queue is not None else None

    def has_stream(self, stream_arn: str) -> bool:
        where = Arn.parse(stream_arn)
        with self._world.entered():
            if where.service == "dynamodb":
                return stream_iterators.shard_of(self._world, stream_arn) is not None
            return self._kinesis_stream(where) is not None

    def retention_s(self, stream_arn: str) -> float:
        where = Arn.parse(stream_arn)
        if where.service == "dynamodb":
            return stream_iterators.RETENTION_S
        with self._world.entered():
            stream = self._kinesis_stream(where)
            return 3_600.0 * int(stream.retention_period_hours) if stream is not None else stream_iterators.RETENTION_S

    def next_visible(self, queue_arn: str, after: float = 0.0) -> float | None:
        if not self._world.known("sqs"):
            return None
        now = self._world.clock.now()
        with self._world.entered():
            queue = self._queue(queue_arn)
            if queue is None:
                return None
            queue_storage.expire(queue, now * 1000.0)
            earliest: float | None = None
            for message in queue._messages:
                at: float = max(message.visible_at, message.delayed_until) / 1000.0 + _TICK_S
                if at <= after or (after and at <= now):
                    continue
                if at <= now:
                    return at
                earliest = at if earliest is None else min(earliest, at)
            return earliest

    def fates(self, queue_arn: str, ids: Collection[str]) -> dict[str, Fate]:
        wanted = set(ids)
        with self._world.entered():
            queue = self._queue(queue_arn)
            target = queue.dead_letter_queue if queue is not None else None
            here = {message.id for message in queue._messages} if queue is not None else set()
            there = {message.id for message in target._messages} if target is not None else set()
        return {each: "queued" if each in here else "dead_lettered" if each in there else "gone" for each in wanted}

    def has_records(self, stream_arn: str, iterator: str) -> bool:
        where = Arn.parse(stream_arn)
        with self._world.entered():
            if where.service == "dynamodb":
                return stream_iterators.has_more(self._world, iterator)
            stream = self._kinesis_stream(where)
            _, shard_id, last = base64.decodebytes(iterator.encode()).decode().split(":")
            shard = stream.shards.get(shard_id) if stream is not None else None
            return shard is not None and bool(shard.records) and next(reversed(shard.records)) > int(last)

    def _queue(self, arn: str) -> Any:
        where = Arn.parse(arn)
        return self._world.backend("sqs", where.account, where.region).queues.get(where.resource)

    def _kinesis_stream(self, where: Arn) -> Any:
        name = where.resource.split("/")[1]
        return self._world.backend("kinesis", where.account, where.region).streams.get(name)
