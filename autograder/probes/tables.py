"""What lies in a table of the stack, as plain values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

ITEMS_MAX = 5_000


def items_of(clients: Any, table: str) -> list[dict[str, Any]]:
    """Every item, numbers as int where they are whole; ClientError when there is no such table."""
    dynamodb, read = clients("dynamodb"), TypeDeserializer()
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    while len(found) < ITEMS_MAX:
        answer = dynamodb.scan(**asked)
        found += [{name: _plain(read.deserialize(value)) for name, value in item.items()} for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
