"""What is said about an event that has ended: the same words for dead-letter queues and destinations."""

from __future__ import annotations

import json
from typing import Any

from sandbox.delivery.async_queue import QueuedEvent
from sandbox.delivery.errand import Sender, in_role
from sandbox.functions.function import LATEST, FunctionVersion, Target

_MESSAGE_BYTES_MAX = 1024


def sender_of(event: QueuedEvent, version: FunctionVersion, source: str) -> Sender:
    """Lambda in the function's own role: that role needs the permission (Lambda guide, "invocation-async-retain-records")."""
    return in_role(version.role, version.name, source, event.entry)


def function_arn(target: Target) -> str:
    """As the record names the function: always with a qualifier."""
    return target.invoked_arn if target.qualifier else f"{target.invoked_arn}:{LATEST}"


def error_code(event: QueuedEvent) -> str:
    """The HTTP status of the last attempt: 200 when the function ran and failed."""
    return str(event.refusal.status if event.refusal is not None else event.response.status if event.response else 429)


def error_message(event: QueuedEvent) -> str:
    """The first kilobyte of what went wrong."""
    text = ""
    if event.refusal is not None:
        text = event.refusal.message or event.refusal.code
    elif event.response is not None:
        document = as_json(event.response.payload)
        text = str(document.get("errorMessage", "")) if isinstance(document, dict) else ""
    return text.encode()[:_MESSAGE_BYTES_MAX].decode(errors="ignore")


def as_json(payload: bytes) -> Any:
    """A payload as a document; text that is no JSON stays text."""
    if not payload:
        return None
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode(errors="replace")
