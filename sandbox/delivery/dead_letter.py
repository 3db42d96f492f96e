"""A function's dead-letter queue: the event as it was, with three attributes that say what went wrong.

Recorded (localstack/localstack test_lambda_destinations.snapshot.json, TestLambdaDLQ): body = the event, ``RequestID``,
``ErrorCode`` (a Number), ``ErrorMessage``. There is no second try: a message that cannot be sent is gone, and counted
(Lambda guide, "invocation-async-retain-records").
"""

from __future__ import annotations

from typing import Any

from sandbox.delivery.async_queue import QueuedEvent
from sandbox.delivery.errand import Done, Errand, Messenger
from sandbox.delivery.event_verdict import error_code, error_message, sender_of
from sandbox.functions.function import FunctionVersion


class DeadLetters:
    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger

    def send(self, event: QueuedEvent, version: FunctionVersion, done: Done) -> None:
        """``version.dead_letter_arn`` names a standard queue or topic; the API saw to that."""
        self._messenger.send(_errand(event, version), done)


def _errand(event: QueuedEvent, version: FunctionVersion) -> Errand:
    sender, body = sender_of(event, version, "dead letter"), event.call.payload.decode(errors="replace")
    attributes = _attributes(event)
    if version.dead_letter_arn.split(":", 3)[2] == "sqs":
        return sender.to_queue(version.dead_letter_arn, body, MessageAttributes=attributes)
    return sender.to_topic(version.dead_letter_arn, body, MessageAttributes=attributes)


def _attributes(event: QueuedEvent) -> dict[str, Any]:
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": event.request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": error_code(event)},
    }
    message = error_message(event)
    if message:  # SQS refuses an empty attribute
        attributes["ErrorMessage"] = {"DataType": "String", "StringValue": message}
    return attributes
