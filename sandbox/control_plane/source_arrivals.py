"""Tells the pollers which queue, stream or table may hold something new, from the calls that put it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.http_message import HttpResponse

Arrived = Callable[[str, str, str, frozenset[str], int], None]
"""Service of the source, account, region, names (empty: any), timeline entry."""
Resharded = Callable[[str, str, str], None]
"""Account, region and name of a stream."""

_QUEUE = {"SendMessage", "SendMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch"}
_ANY_QUEUE = {"SetQueueAttributes", "CreateQueue"}
_STREAM = {"PutRecord", "PutRecords"}
_SHARDS = {"SplitShard", "MergeShards", "UpdateShardCount"}
_TABLE = {"PutItem", "UpdateItem", "DeleteItem"}
_ANY_TABLE = {"BatchWriteItem", "TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}


class SourceArrivals:
    def __init__(self, services: Services, arrived: Arrived, resharded: Resharded) -> None:
        self._services = services
        self._arrived = arrived
        self._resharded = resharded
        for service, hook in (("sqs", self._sqs), ("kinesis", self._kinesis), ("dynamodb", self._dynamodb)):
            services.after.setdefault(service, []).append(hook)

    def _sqs(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300:
            return
        if call.operation in _QUEUE:
            self._tell("sqs", account_id, region, _last(call.params.get("QueueUrl")))
        elif call.operation == "ReceiveMessage":
            self._tell_dead_letters(account_id, region, _last(call.params.get("QueueUrl")))
        elif call.operation in _ANY_QUEUE:
            self._tell("sqs", account_id, region, "")

    def _tell_dead_letters(self, account_id: str, region: str, name: str) -> None:
        """A receive moves what was received too often."""
        queue = self._services.world.backend("sqs", account_id, region).queues.get(name)
        target = queue.dead_letter_queue if queue is not None else None
        if target is not None and target.name != name:
            self._tell("sqs", account_id, region, target.name)

    def _kinesis(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300:
            return
        name = _last(call.params.get("StreamName") or call.params.get("StreamARN"))
        if call.operation in _SHARDS:
            self._resharded(account_id, region, name)
        elif call.operation in _STREAM:
            self._tell("kinesis", account_id, region, name)

    def _dynamodb(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300:
            return
        if call.operation in _TABLE:
            self._tell("dynamodb", account_id, region, _last(call.params.get("TableName")))
        elif call.operation in _ANY_TABLE:
            self._tell("dynamodb", account_id, region, "")

    def _tell(self, service: str, account_id: str, region: str, name: str) -> None:
        cause = self._services.in_hand.cause if self._services.in_hand else 0
        self._arrived(service, account_id, region, frozenset((name,) if name else ()), cause)


def _last(name: Any) -> str:
    return str(name or "").rsplit("/", 1)[-1]
