"""Destinations of asynchronous invocations: a record of what was asked and what came of it, for whoever is to know.

Its shape is recorded (localstack/localstack test_lambda_destinations.snapshot.json): version 1.0, the ARN always
qualified, no ``response…`` members when the function never ran.
"""

from __future__ import annotations

from typing import Any

from sandbox import facts
from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.delivery.async_queue import QueuedEvent
from sandbox.delivery.errand import Done, Errand, Messenger, compact
from sandbox.delivery.event_verdict import as_json, function_arn, sender_of
from sandbox.functions.function import Target
from sandbox.functions.moments import millis
from sandbox.ids import Ids


class Destinations:
    def __init__(self, messenger: Messenger, clock: Clock, ids: Ids) -> None:
        self._messenger = messenger
        self._clock = clock
        self._ids = ids

    def send(self, event: QueuedEvent, target: Target, arn: str, condition: str, done: Done) -> None:
        """``condition`` is Success, RetriesExhausted, EventAgeExceeded, ZeroReservedConcurrency or an error code."""
        record = self._record(event, target, condition)
        self._messenger.send(self._errand(event, target, Arn.parse(arn), record), done)

    def _record(self, event: QueuedEvent, target: Target, condition: str) -> dict[str, Any]:
        record: dict[str, Any] = {
            "version": "1.0",
            "timestamp": millis(self._clock.now()).replace("+0000", "Z"),
            "requestContext": {
                "requestId": event.request_id,
                "functionArn": function_arn(target),
                "condition": condition,
                "approximateInvokeCount": event.invocations,
            },
            "requestPayload": as_json(event.call.payload),
        }
        response = event.response
        if response is not None:
            context: dict[str, Any] = {"statusCode": response.status, "executedVersion": response.executed_version}
            if response.function_error:
                context["functionError"] = response.function_error
            record |= {"responseContext": context, "responsePayload": as_json(response.payload)}
        return record

    def _errand(self, event: QueuedEvent, target: Target, arn: Arn, record: dict[str, Any]) -> Errand:
        sender = sender_of(event, target.version, "destination")
        body = compact(record)
        if arn.service == "sqs":
            return sender.to_queue(str(arn), body)
        if arn.service == "sns":
            if len(body.encode()) > facts.limit("topic_message_bytes"):  # then without its payloads (facts I-10)
                body = compact({key: value for key, value in record.items() if not key.endswith("Payload")})
            return sender.to_topic(str(arn), body)
        if arn.service == "lambda":
            return sender.to_function(str(arn), body.encode())
        if arn.service == "events":
            return sender.to_bus(str(arn), _entry(arn, record, body))
        version = target.version
        return sender.to_bucket(arn.resource, self._key(version.name), body.encode(), version.account_id, version.region)

    def _key(self, name: str) -> str:
        """Lambda guide, "invocation-async-retain-records": ``aws/lambda/async/<function>/YYYY/MM/DD/<time>-<random UUID>``."""
        now = self._clock.datetime()
        return f"aws/lambda/async/{name}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{self._ids.uuid()}"


def _entry(bus: Arn, record: dict[str, Any], body: str) -> dict[str, Any]:
    outcome = "Success" if record["requestContext"]["condition"] == "Success" else "Failure"
    return {
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {outcome}",
        "Detail": body,
        "Resources": [str(bus), record["requestContext"]["functionArn"]],
    }
