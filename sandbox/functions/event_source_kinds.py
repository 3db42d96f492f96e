"""What each kind of event source accepts, and what AWS fills in where the caller is silent.

Recorded: localstack/localstack, tests/aws/services/lambda_/event_source_mapping/test_api.snapshot.json and
test_lambda_integration_{sqs,kinesis,dynamodbstreams}.snapshot.json; batch sizes from botocore's CreateEventSourceMapping.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.functions import refusals

TakesFilter = Callable[[dict[str, Any]], bool]
"""Whether a filter pattern is one Lambda understands."""

_STREAM_ONLY = (
    "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "ParallelizationFactor",
    "TumblingWindowInSeconds", "DestinationConfig",
)  # fmt: skip
_STREAM_DEFAULTS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
    "DestinationConfig": {"OnFailure": {}},
}


@dataclass(frozen=True, slots=True)
class Kind:
    """``positions`` are the starting positions it knows; empty where it has none."""

    name: str
    batch_default: int
    batch_max: int
    positions: tuple[str, ...] = ()
    stream: bool = False

    @property
    def reason(self) -> str:
        return "User action" if self.stream else "USER_INITIATED"


_FIFO = Kind("SQS FIFO", 10, 10)
_KINDS = {
    "sqs": Kind("SQS", 10, 10_000),
    "kinesis": Kind("Kinesis", 100, 10_000, ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"), stream=True),
    "dynamodb": Kind("DynamoDB", 100, 10_000, ("TRIM_HORIZON", "LATEST"), stream=True),
    "kafka": Kind("Kafka", 100, 10_000, ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")),
    "mq": Kind("MQ", 100, 10_000),
    "rds": Kind("DocumentDB", 100, 10_000, ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")),
}


def kind_of(arn: str, *, self_managed: bool) -> Kind:
    service = "kafka" if self_managed else arn.split(":", 5)[2] if arn else ""
    kind = _KINDS.get(service)
    if kind is None:
        raise refusals.invalid("Unrecognized event source.")
    return _FIFO if service == "sqs" and arn.endswith(".fifo") else kind


def settings(kind: Kind, given: Mapping[str, Any], before: Mapping[str, Any], takes_filter: TakesFilter) -> dict[str, Any]:
    """The mapping's settings after a create (``before`` empty) or an update, checked."""
    _only_its_own(kind, given)
    defaults = {"BatchSize": kind.batch_default, "MaximumBatchingWindowInSeconds": 0, "FunctionResponseTypes": []}
    if kind.stream:
        defaults |= _STREAM_DEFAULTS
    result = {**defaults, **before, **given}
    _check_batch(kind, result["BatchSize"], result["MaximumBatchingWindowInSeconds"])
    for each in (result.get("FilterCriteria") or {}).get("Filters") or []:
        _check_filter(each.get("Pattern") or "{}", takes_filter)
    if result.get("FilterCriteria") in ({}, {"Filters": []}):
        del result["FilterCriteria"]
    return result


def check_position(kind: Kind, given: Mapping[str, Any], arn: str) -> None:
    """Only on create; a mapping's starting position never changes."""
    position, at = given.get("StartingPosition"), given.get("StartingPositionTimestamp")
    if not kind.positions:
        if position is not None:
            raise refusals.invalid("StartingPosition is not valid for SQS event sources.")
        return
    if position is None:
        raise refusals.invalid(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null."
        )
    if position not in kind.positions:
        raise refusals.invalid(f"Unsupported starting position for arn type: {arn}")
    if (position == "AT_TIMESTAMP") != (at is not None):
        raise refusals.invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP")


def _only_its_own(kind: Kind, given: Mapping[str, Any]) -> None:
    foreign = ("ScalingConfig",) if kind.name != "SQS" and kind is not _FIFO else ()
    for member in (*foreign, *(() if kind.stream else _STREAM_ONLY)):
        if given.get(member) is not None and not (kind.name == "Kafka" and member == "DestinationConfig"):
            raise refusals.invalid(f"Unsupported {member} parameter for given event source mapping type.")


def _check_batch(kind: Kind, size: int, window_s: int) -> None:
    if size > kind.batch_max:
        raise refusals.invalid(f"Maximum batch size for {kind.name} event sources is {kind.batch_max}.")
    if kind is _FIFO and window_s:
        raise refusals.invalid("Batching window is not supported for SQS FIFO event sources.")
    if kind.name.startswith("SQS") and size > 10 and not window_s:
        raise refusals.invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")


def _check_filter(pattern: str, takes_filter: TakesFilter) -> None:
    try:
        parsed = json.loads(pattern)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not takes_filter(parsed):
        raise refusals.invalid("Invalid filter pattern definition.")
