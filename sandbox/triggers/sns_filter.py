"""Filter policies of subscriptions, over a message's attributes or its body (SNS guide, "message filtering").

Refusals are recorded (localstack/localstack tests/aws/services/sns/test_sns_filter_policy.snapshot.json), without the position
that SNS's parser adds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sandbox.errors import AwsError
from sandbox.triggers.event_pattern import PatternError, matches, validate
from sandbox.triggers.sns_message import SnsMessage

KEYS_MAX = 5
COMBINATIONS_MAX = 150
_BODY = "MessageBody"


def accepts(policy: str, scope: str, message: SnsMessage) -> bool:
    """``policy`` as it is stored; one that ``checked`` has accepted."""
    pattern = _parsed(policy)
    if not pattern:
        return True
    if scope != _BODY:
        return matches(pattern, _attributes(message))
    try:
        body = json.loads(message.message)
    except ValueError:
        return False
    return isinstance(body, dict) and matches(pattern, body)


def checked(policy: str, scope: str, where: str) -> None:
    """Raises AwsError. ``where`` is the parameter SNS names: ``Attributes Reason: `` on Subscribe, nothing on an update."""
    try:
        pattern = json.loads(policy or "{}")
    except (ValueError, RecursionError):
        raise _invalid(where, "failed to parse JSON.") from None
    if not isinstance(pattern, dict):
        raise _invalid(where, "failed to parse JSON. Filter policy must be a JSON object")
    if len(pattern) > KEYS_MAX:
        raise AwsError("InvalidParameter", "Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys")
    if scope != _BODY and any(isinstance(value, dict) for value in pattern.values()):
        message = "Filter policy scope MessageAttributes does not support nested filter policy"
        raise AwsError("InvalidParameter", f"Invalid parameter: {where}FilterPolicy: {message}")
    try:
        validate(pattern)
    except PatternError as error:
        raise _invalid(where, str(error)) from None
    if _combinations(pattern, 1) > COMBINATIONS_MAX:
        raise _invalid(where, "Filter policy is too complex")


def _combinations(pattern: dict[str, Any], depth: int) -> int:
    """Values times nesting, multiplied over all keys (SNS guide, "filter policy constraints")."""
    product = 1
    for value in pattern.values():
        if isinstance(value, dict):
            product *= _combinations(value, depth + 1)
        elif isinstance(value, list):
            product *= len(value) * depth
    return product


def _attributes(message: SnsMessage) -> dict[str, Any]:
    """Attributes as an event: numbers as numbers, string arrays opened, binary ones left out."""
    event: dict[str, Any] = {}
    for name, attribute in message.attributes.items():
        kind, value = attribute["Type"], attribute["Value"]
        if kind.startswith("Number"):
            event[name] = _number(value)
        elif kind == "String.Array":
            event[name] = _array(value)
        elif kind.startswith("String"):
            event[name] = value
    return event


def _number(text: str) -> Any:
    try:
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError:
        return text


def _array(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, list) else [found]


@lru_cache(maxsize=512)
def _parsed(policy: str) -> dict[str, Any]:
    try:
        found = json.loads(policy or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _invalid(where: str, reason: str) -> AwsError:
    return AwsError("InvalidParameter", f"Invalid parameter: {where}FilterPolicy: {reason}")
