"""How long an event is tried on a target, and the queue for those that did not get through.

Up to 185 retries within 24 hours, with exponential back-off and jitter; a missing permission or resource is not retried
(EventBridge guide, "eb-rule-retry-policy" and "rule-dlq"; AWS does not publish the steps). Dead letters are the event as it
was, with attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox import facts
from sandbox.clock import Clock
from sandbox.delivery.errand import Messenger, Sender
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.triggers.deliveries import THROTTLES

_FIRST_S, _MOST_S = 1.0, 480.0  # doubling to eight minutes: 185 retries fit into a day

_CODES = {
    "AccessDenied": "NO_PERMISSIONS",
    "AccessDeniedException": "NO_PERMISSIONS",
    "AuthorizationError": "NO_PERMISSIONS",
    "KMSAccessDeniedException": "NO_PERMISSIONS",
    "AWS.SimpleQueueService.NonExistentQueue": "NO_RESOURCE",
    "QueueDoesNotExist": "NO_RESOURCE",
    "NotFound": "NO_RESOURCE",
    "NotFoundException": "NO_RESOURCE",
    "ResourceNotFoundException": "NO_RESOURCE",
    "StateMachineDoesNotExist": "NO_RESOURCE",
}

Told = Callable[[bool], None]


class RetryPolicy:
    """The course of one delivery. ``wait`` is asked after each failed try; what it ended by is told to the dead letter."""

    def __init__(self, policy: Mapping[str, Any], clock: Clock, ids: Ids) -> None:
        self._retries = int(policy.get("MaximumRetryAttempts", facts.default("target_retries")))
        self._age_s = float(policy.get("MaximumEventAgeInSeconds", facts.default("target_event_age_s")))
        self._clock = clock
        self._ids = ids
        self._since = clock.now()
        self.tries = 0
        self.exhausted = ""

    def wait(self, attempt: int) -> float | None:
        """Seconds before the next try, or None after the last one."""
        self.tries = attempt
        if attempt > self._retries:
            self.exhausted = "MaximumRetryAttempts"
            return None
        step = min(_MOST_S, _FIRST_S * 2.0 ** min(attempt - 1, 30))
        wait_s = round(step * (0.5 + 0.5 * self._ids.draw()), 3)
        if self._clock.now() + wait_s - self._since > self._age_s:
            self.exhausted = "MaximumEventAgeInSeconds"
            return None
        return wait_s

    @property
    def retries(self) -> int:
        return max(0, self.tries - 1)


def attributes(policy: RetryPolicy, error: AwsError, **about: str) -> dict[str, Any]:
    """``about`` names rule or schedule and target."""
    found = {
        **about,
        "ERROR_CODE": error_code(error),
        "ERROR_MESSAGE": (error.message or error.code)[:1024],
        "RETRY_ATTEMPTS": str(policy.retries),
    }
    if policy.exhausted:
        found["EXHAUSTED_RETRY_CONDITION"] = policy.exhausted
    return {name: {"DataType": "String", "StringValue": value} for name, value in found.items()}


def error_code(error: AwsError) -> str:
    """One of the codes that EventBridge's dead letters carry."""
    if error.status == 429 or error.code in THROTTLES or error.code.endswith("Throttled"):
        return "THROTTLING"
    known = _CODES.get(error.code)
    if known is None and "NotFound" in error.code:
        known = "NO_RESOURCE"
    return known or "ERROR_FROM_TARGET"


def to_queue(messenger: Messenger, sender: Sender, queue_arn: str, body: str, letter: Mapping[str, Any], told: Told) -> None:
    """``told`` hears whether the queue took it."""
    errand = sender.to_queue(queue_arn, body, MessageAttributes=dict(letter))
    messenger.send(errand, lambda outcome: told(not isinstance(outcome, AwsError)))
