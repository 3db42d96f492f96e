"""Subscription filters: log events that match go on to a function or a stream, compressed, as CloudWatch Logs sends them.

The document is that of the CloudWatch Logs user guide, "Subscription filters with AWS Lambda": gzip, then base64, under
``awslogs.data``.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.errand import Errand, Messenger, as_service, in_role
from sandbox.errors import AwsError
from sandbox.telemetry.filter_pattern import compiled
from sandbox.telemetry.timeline import Timeline
from sandbox.triggers.deliveries import Deliveries, backoff

_RETRY = backoff(1.0, 300.0, 300)  # "retried for up to 24 hours"
_BATCH_BYTES_MAX = 900_000  # of log text in one document: an asynchronous event takes 1 MB

Record = tuple[int, str]  # epoch milliseconds, message
Place = tuple[str, str, str]  # account, Region, log group


@dataclass(frozen=True, slots=True)
class SubscriptionFilter:
    name: str
    pattern: str
    destination: str
    role: str = ""


class LogSubscriptions:
    """Kept by log group; a group without filters costs one look-up per batch of log events."""

    def __init__(self, messenger: Messenger, clock: Clock, timeline: Timeline) -> None:
        self.deliveries = Deliveries("log subscriptions", messenger, clock, timeline)
        self._timeline = timeline
        self._filters: dict[Place, dict[str, SubscriptionFilter]] = {}
        self._event_id = 0

    def put(self, place: Place, wanted: SubscriptionFilter) -> None:
        self._filters.setdefault(place, {})[wanted.name] = wanted

    def remove(self, place: Place, name: str = "") -> None:
        """One filter, or all of a group."""
        if name:
            self._filters.get(place, {}).pop(name, None)
        else:
            self._filters.pop(place, None)

    def arrived(self, account_id: str, region: str, group: str, stream: str, records: Iterable[Record]) -> None:
        """Log events have been stored."""
        filters = self._filters.get((account_id, region, group))
        if not filters:
            return
        events = list(records)
        for wanted in filters.values():
            matches = compiled(wanted.pattern).matches
            found = [record for record in events if matches(record[1].rstrip("\n"))]
            for batch in _batches(found):
                self._send((account_id, region, group), stream, wanted, batch)

    def test_errand(self, place: Place, wanted: SubscriptionFilter) -> Errand:
        """What CloudWatch Logs must be allowed before it takes a filter."""
        return _errand(place, wanted, b"", 0)

    def clear(self) -> None:
        self._filters.clear()
        self.deliveries.clear()

    def _send(self, place: Place, stream: str, wanted: SubscriptionFilter, batch: list[Record]) -> None:
        account_id, _, group = place
        document = {
            "messageType": "DATA_MESSAGE",
            "owner": account_id,
            "logGroup": group,
            "logStream": stream,
            "subscriptionFilters": [wanted.name],
            "logEvents": [self._event(record) for record in batch],
        }
        packed = gzip.compress(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode(), 6, mtime=0)
        what = f"{group} to {wanted.destination.rsplit(':', 1)[-1]}"
        entry = self._timeline.add("logs", f"Subscription {wanted.name}: {what}", events=len(batch), log_stream=stream)
        self.deliveries.send(_errand(place, wanted, packed, entry), what, _RETRY)

    def _event(self, record: Record) -> dict[str, Any]:
        """Ids have 56 digits and grow with time."""
        self._event_id += 1
        return {"id": f"{record[0]:029d}{self._event_id:027d}", "timestamp": record[0], "message": record[1]}


def check_destination(arn: str, region: str) -> None:
    """A function or a stream of this Region; Firehose and cross-account destinations are refused by name."""
    try:
        where = Arn.parse(arn)
    except ValueError:
        raise AwsError("InvalidParameterException", f"Invalid destination ARN: {arn}") from None
    if where.service not in ("lambda", "kinesis"):
        message = f"destinationArn for vendor {where.service} cannot be used here: this account delivers to lambda and kinesis"
        raise AwsError("InvalidParameterException", message)
    if where.region != region:
        message = "destinationArn must be in the same Region as the log group"
        raise AwsError("InvalidParameterException", message)


def _errand(place: Place, wanted: SubscriptionFilter, packed: bytes, cause: int) -> Errand:
    account_id, region, group = place
    where = Arn.parse(wanted.destination)
    if where.service == "kinesis":
        sender = in_role(wanted.role, "cloudwatch-logs", "logs", cause)
        params = {"StreamName": where.resource.removeprefix("stream/"), "Data": packed, "PartitionKey": group}
        return Errand(sender.principal, "kinesis", "PutRecord", params, where.account, where.region, {}, "logs", cause)
    source_arn = f"arn:aws:logs:{region}:{account_id}:log-group:{group}:*"
    payload = json.dumps({"awslogs": {"data": base64.b64encode(packed).decode()}}, separators=(",", ":")).encode()
    return as_service("logs.amazonaws.com", source_arn, account_id, "logs", cause).to_function(wanted.destination, payload)


def _batches(records: list[Record]) -> Iterable[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in records:
        length = len(record[1].encode())
        if batch and size + length > _BATCH_BYTES_MAX:
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += length
    if batch:
        yield batch
