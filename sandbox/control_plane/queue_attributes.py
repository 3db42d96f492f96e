"""What a queue's numbers may be; moto stores any."""

from __future__ import annotations

from sandbox import facts
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError

_RANGES = {
    "VisibilityTimeout": "queue_visibility_s",
    "MessageRetentionPeriod": "queue_retention_s",
    "DelaySeconds": "queue_delay_s",
    "ReceiveMessageWaitTimeSeconds": "queue_receive_wait_s",
    "MaximumMessageSize": "queue_message_bytes",
}


def check(call: ParsedCall, _account_id: str, _region: str) -> None:
    """InvalidAttributeValue for a number out of its range (SQS API reference, CreateQueue and SetQueueAttributes)."""
    if call.operation not in ("CreateQueue", "SetQueueAttributes"):
        return
    for name, value in (call.params.get("Attributes") or {}).items():
        limit = facts.limits().get(_RANGES.get(name, ""))
        if limit is None or limit.min is None or limit.max is None:
            continue
        if not (str(value).isdecimal() and limit.min <= int(value) <= limit.max):
            raise AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
