"""What a message in a failure queue tells of the object it is about: whatever wrapped the event, S3's record is looked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

DEPTH_MAX = 12


def objects_in(body: str) -> set[tuple[str, str]]:
    """Every (bucket, key as uploaded) that can be read out of the message."""
    return {pair for pair, _ in _found(_parsed(body), 0)}


def event_in(body: str, key: str) -> dict[str, Any] | None:
    """An S3 event with the record of this object as S3 sent it, or None when the message holds none."""
    for (_, found), record in _found(_parsed(body), 0):
        if found == key and record is not None:
            return {"Records": [record]}
    return None


def _found(value: Any, depth: int) -> Iterator[tuple[tuple[str, str], dict[str, Any] | None]]:
    """Through lists, objects and texts that are JSON themselves (SQS bodies, SNS messages, destination records)."""
    if depth > DEPTH_MAX:
        return
    if isinstance(value, dict):
        yield from _told(value)
        for member in value.values():
            yield from _found(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            yield from _found(member, depth + 1)
    elif isinstance(value, str) and value[:1] in "{[":
        parsed = _parsed(value)
        if not isinstance(parsed, str):
            yield from _found(parsed, depth + 1)


def _told(value: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any] | None]]:
    bucket, item = value.get("bucket"), value.get("object")
    if isinstance(value.get("s3"), dict):
        held = value["s3"]
        bucket, item = held.get("bucket"), held.get("object")
        if isinstance(bucket, dict) and isinstance(item, dict) and "name" in bucket and "key" in item:
            yield (str(bucket["name"]), unquote_plus(str(item["key"]))), value
    elif isinstance(bucket, dict) and isinstance(item, dict):  # EventBridge's detail: the key as uploaded
        yield (str(bucket.get("name")), str(item.get("key"))), None
    elif isinstance(bucket, str):
        for name in ("key", "object_key", "objectKey"):
            if isinstance(value.get(name), str):
                yield (bucket, value[name]), None
                yield (bucket, unquote_plus(value[name])), None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
