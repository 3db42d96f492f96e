"""Reading, making, or changing what is there? An operation is judged by the first word of its name and by the list of kinds."""

from __future__ import annotations

import re
from typing import Literal

from courseware.aws.kinds import INSIDE, MAKES, SERVICES

Verdict = Literal["read", "make", "change", "unknown"]

_READ_WORDS = (
    "Get List Describe Head Batch Query Scan Lookup Filter Simulate Receive Select Test Validate Estimate Search "
    "Check Discover Decode Assume Transact Invoke Send Peek Poll"
)
_READ = frozenset(_READ_WORDS.split())
_MAKE_WORDS = "Create Import Register Run Start Allocate Purchase Request Restore Launch Publish Provision Issue Accept Enable"
_MAKE = frozenset(_MAKE_WORDS.split())
# In these services Put… makes things of its own; everywhere else it sets something of a thing that is there.
_PUT_MAKES = frozenset({"logs", "cloudwatch", "events", "sns"})
_PUT_INSIDE = frozenset(
    {
        *("logs:PutLogEvents", "logs:PutRetentionPolicy", "logs:PutMetricFilter", "logs:PutSubscriptionFilter"),
        *("cloudwatch:PutMetricData", "events:PutEvents", "events:PutTargets"),
        *("events:EnableRule", "cloudwatch:EnableAlarmActions"),
    }
)


def verdict(service: str, operation: str) -> Verdict:
    """``unknown``: the guardrails could neither name nor tag nor take back what this makes, so it is not done."""
    first = (re.match(r"[A-Z][a-z]+", operation) or re.match(r".*", operation))[0]  # type: ignore[index]
    if first in _READ:
        return "read"
    if (service, operation) in MAKES:
        return "make"
    if service not in SERVICES:
        return "unknown"
    inside = f"{service}:{operation}" in INSIDE | _PUT_INSIDE
    if not inside and (first in _MAKE or (first == "Put" and service in _PUT_MAKES)):
        return "unknown"
    return "change"
