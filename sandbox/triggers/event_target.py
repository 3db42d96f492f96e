"""From a target and a text to the call that delivers it: which API, in whose name, with which parameters.

Functions, queues and topics are reached by ``events.amazonaws.com`` under their own policies, or by the target's role where it
has one; streams, state machines and buses always by the role (EventBridge guide, "eb-use-resource-based").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.arn import Arn
from sandbox.delivery.errand import Errand, Sender, as_service, in_role
from sandbox.errors import AwsError
from sandbox.triggers.event_input import at_path
from sandbox.triggers.event_rule import EventRule

SERVICE = "events.amazonaws.com"
ROLE_NEEDED = frozenset({"kinesis", "states", "events"})
DELIVERED = frozenset({"lambda", "sqs", "sns", "logs"}) | ROLE_NEEDED


def sender_for(rule: EventRule, target: Mapping[str, Any], event_id: str, cause: int) -> Sender:
    role = str(target.get("RoleArn") or "")
    if role:
        return in_role(role, event_id.replace("-", "")[:32], "eventbridge", cause)
    return as_service(SERVICE, rule.arn, rule.account_id, "eventbridge", cause)


def errand_for(sender: Sender, target: Mapping[str, Any], text: str, event: Mapping[str, Any]) -> Errand:
    """Raises AwsError for a target of a kind that is not delivered to in this account."""
    arn = str(target["Arn"])
    where = Arn.parse(arn)
    if where.service == "lambda":
        return sender.to_function(arn, text.encode())
    if where.service == "sqs":
        group = (target.get("SqsParameters") or {}).get("MessageGroupId")
        return sender.to_queue(arn, text, **({"MessageGroupId": group} if group else {}))
    if where.service == "sns":
        return sender.to_topic(arn, text)
    if where.service == "events" and where.resource.startswith("event-bus/"):
        return sender.to_bus(arn, forwarded(event))
    params = _params(where, target, text, event)
    if params is None:
        raise AwsError("InvalidTarget", f"{arn} is a kind of target this account does not deliver to")
    service, operation, members = params
    return Errand(
        sender.principal, service, operation, members, where.account, where.region, sender.context, sender.source, sender.cause
    )


def forwarded(event: Mapping[str, Any]) -> dict[str, Any]:
    """A PutEvents entry; the header names the event, so that it keeps its id, account and time on the next bus."""
    return {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": list(event.get("resources") or []),
        "TraceHeader": f"Event={event['id']}",
    }


def _params(where: Arn, target: Mapping[str, Any], text: str, event: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    if where.service == "states" and where.resource.startswith("stateMachine:"):
        return "stepfunctions", "StartExecution", {"stateMachineArn": str(where), "input": text}
    if where.service == "kinesis":
        path = (target.get("KinesisParameters") or {}).get("PartitionKeyPath")
        key = at_path(event, str(path)) if path else event["id"]
        return "kinesis", "PutRecord", {"StreamARN": str(where), "Data": text.encode(), "PartitionKey": str(key)}
    if where.service == "logs":
        group = where.resource.removeprefix("log-group:").removesuffix(":*")
        return "logs", "PutLogEvents", {"logGroupName": group, "logStreamName": event["id"], "logEvents": [{"message": text}]}
    return None
