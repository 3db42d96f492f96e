"""Texts inside a request or an answer, found by the service's own model: which are names and documents, and which are data."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from courseware.aws.packages import renamed

Change = Callable[[str], str]

# What a lab puts through its resources, and what is no resource's name. These members pass as they are.
_DATA_WORDS = (
    "Payload Body Key Keys Data Item ExclusiveStartKey ExpressionAttributeValues ExpressionAttributeNames "
    "UpdateExpression KeyConditionExpression FilterExpression ProjectionExpression ConditionExpression "
    "AttributeName IndexName PartitionKey MessageBody Message MessageAttributes MessageGroupId "
    "MessageDeduplicationId Subject Detail input output cause error filterPattern filterName queryString Handler "
    "Description description Runtime StatementId Sid Action PolicyName Tags tags TagKeys Namespace MetricName "
    "Statistic PathPart pathPart RouteKey routeKey"
)
DATA = frozenset(_DATA_WORDS.split())
_ADDRESS, _QUEUE = re.compile(r"https?://"), re.compile(r"https?://[^/]+/\d{12}/[^/?]+")
_KEYED_BY_NAME = frozenset({"TableName", "TableArn"})  # BatchGetItem and BatchWriteItem: the key of the map is the table


def changed(value: Any, shape: Any, change: Change) -> Any:
    """A copy of ``value``, which has botocore's ``shape``, with ``change`` done to every text that is not data."""
    if isinstance(value, str):
        return change(value)
    kind = getattr(shape, "type_name", None)
    if isinstance(value, bytes) and kind == "blob" and shape.name == "Blob":  # how Lambda's model calls a package
        return renamed(value, change)
    if isinstance(value, dict) and kind == "string":  # botocore makes a text of it: the source of a copy in S3
        return {name: part if name in DATA else changed(part, None, change) for name, part in value.items()}
    if isinstance(value, dict) and kind == "structure":
        members = shape.members
        return {
            name: part if name in DATA or name not in members else changed(part, members[name], change)
            for name, part in value.items()
        }
    if isinstance(value, dict) and kind == "map":
        keys = change if shape.key.name in _KEYED_BY_NAME else _same
        return {keys(name): changed(part, shape.value, change) for name, part in value.items()}
    if isinstance(value, list | tuple) and kind == "list":
        return [changed(part, shape.member, change) for part in value]
    return value


def every_text(value: Any, change: Change) -> Any:
    """A copy of an answer, data and keys too, for a prefix is never anything else. Addresses, often signed, stay as they are,
    but a queue's, which is a name.
    """
    if isinstance(value, str):
        return value if _ADDRESS.match(value) and not _QUEUE.fullmatch(value) else change(value)
    if isinstance(value, dict):
        return {change(name) if isinstance(name, str) else name: every_text(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [every_text(part, change) for part in value]
    return value


def _same(text: str) -> str:
    return text
