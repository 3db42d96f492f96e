"""From a schedule's target to the call it stands for: templated targets and, by name, nearly every API (Scheduler guide,
"managing-targets-universal"). All of them in the name of the target's execution role.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.arn import Arn
from sandbox.delivery.errand import Errand, Sender
from sandbox.errors import AwsError
from sandbox.triggers.event_target import errand_for

UNIVERSAL = "arn:aws:scheduler:::aws-sdk:"
_SERVICES = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One time a schedule came due: what its input may refer to."""

    schedule_arn: str
    scheduled_time: str
    execution_id: str

    def filled(self, text: str) -> str:
        """Context attributes put in place. The attempt's number is that of the first: all attempts send the same."""
        values = {
            "schedule-arn": self.schedule_arn,
            "scheduled-time": self.scheduled_time,
            "execution-id": self.execution_id,
            "attempt-number": "1",
        }
        for name, value in values.items():
            text = text.replace(f"<aws.scheduler.{name}>", value)
        return text


def call_of(target_arn: str) -> tuple[str, str]:
    """Service and operation, in botocore's names, of a universal target: ``aws-sdk:sqs:sendMessage``."""
    service, _, operation = target_arn.removeprefix(UNIVERSAL).partition(":")
    return _SERVICES.get(service, service), operation[:1].upper() + operation[1:]


def errand_of(sender: Sender, target: Mapping[str, Any], moment: Moment, default: Mapping[str, Any]) -> Errand:
    """``default`` is the event a templated target gets without an input. Raises AwsError where there is nothing to call."""
    arn = str(target["Arn"])
    given = target.get("Input")
    if arn.startswith(UNIVERSAL):
        where = Arn.parse(moment.schedule_arn)
        service, operation = call_of(arn)
        params = _params(moment.filled(str(given or "{}")))
        if (service, operation) == ("lambda", "Invoke") and "Payload" in params:
            params["Payload"] = _bytes(params["Payload"])
        return Errand(sender.principal, service, operation, params, where.account, where.region, {}, sender.source, sender.cause)
    text = moment.filled(str(given)) if given is not None else json.dumps(default)
    parameters = target.get("EventBridgeParameters") or {}
    event = {
        "id": moment.execution_id,
        "source": parameters.get("Source", default["source"]),
        "detail-type": parameters.get("DetailType", default["detail-type"]),
        "detail": _params(text) if ":event-bus/" in arn else {},
    }
    key = (target.get("KinesisParameters") or {}).get("PartitionKey")
    return errand_for(sender, target, text, {**event, "id": key or event["id"]})


def _params(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AwsError("ValidationException", "The input of the target is not a JSON object.")
    return found


def _bytes(payload: Any) -> bytes:
    return (payload if isinstance(payload, str) else json.dumps(payload)).encode()
