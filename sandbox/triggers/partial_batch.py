"""``ReportBatchItemFailures``: which records of a batch a function says it did not process (fact S-16).

Nothing, null or an empty list: all succeeded. An identifier that is missing, empty, null or unknown: the whole batch failed
(Lambda guide, services-sqs-errorhandling and kinesis "partial batch responses").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

REPORT = "ReportBatchItemFailures"


def failed_ids(payload: bytes, ids: Sequence[str]) -> frozenset[str]:
    """The records that failed, all of them when the answer cannot be understood."""
    everything = frozenset(ids)
    try:
        answer: Any = json.loads(payload or b"null")
    except ValueError:
        return everything
    if answer is None:
        return frozenset()
    if not isinstance(answer, dict):
        return everything if answer else frozenset()
    reported = answer.get("batchItemFailures")
    if reported is None:
        return frozenset()
    if not isinstance(reported, list):
        return everything
    named = [each.get("itemIdentifier") if isinstance(each, dict) else None for each in reported]
    known = [name for name in named if isinstance(name, str) and name in everything]
    return frozenset(known) if len(known) == len(named) else everything
