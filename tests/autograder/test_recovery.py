"""Whatever wrapped an event on its way to a failure queue, the object it is about can be found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.recovery import event_in, objects_in

RECORD = {"s3": {"bucket": {"name": "uploads"}, "object": {"key": "in/a+b%C3%BC.jpg", "eTag": "e"}}}
WHERE = ("uploads", "in/a bü.jpg")
EVENT = {"Records": [RECORD]}


@pytest.mark.parametrize(
    "body",
    [
        EVENT,
        {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": EVENT},
        {"Records": [{"messageId": "1", "body": json.dumps({"Message": json.dumps(EVENT)})}]},
        {"detail": {"bucket": {"name": "uploads"}, "object": {"key": "in/a bü.jpg"}}},
        {"bucket": "uploads", "key": "in/a bü.jpg"},
        {"source": {"bucket": "uploads", "key": "in/a+b%C3%BC.jpg"}},
    ],
    ids=["event", "destination", "queue and topic", "bus", "own message", "own message, key as encoded"],
)
def test_bucket_and_key_are_found(body: Any) -> None:
    assert WHERE in objects_in(json.dumps(body))


def test_s3s_own_record_is_brought_back_as_it_was() -> None:
    assert event_in(json.dumps({"requestPayload": EVENT}), WHERE[1]) == EVENT
    assert event_in(json.dumps(EVENT), "in/other.jpg") is None


@pytest.mark.parametrize(
    "body", ["", "nonsense", "[" * 100_000, json.dumps({"bucket": "uploads"}), json.dumps({"s3": {"bucket": 1}})]
)
def test_a_message_without_an_object_holds_none(body: str) -> None:
    assert objects_in(body) == set()
