"""Four events were under way at once, so four environments started cold."""

import re

from autograder.checks.expect import expect

AT_ONCE = 4
SLOW_MS = 1_000


def _slow_cold_starts(aws, lab):
    """When each slow event of a new environment began, in the account's milliseconds."""
    pages = aws("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{lab.name('function')}")
    began = []
    for event in (event for page in pages for event in page["events"]):
        found = re.search(r"\tDuration: ([0-9.]+) ms.*Init Duration", event["message"])
        if event["message"].startswith("REPORT") and found and float(found[1]) >= SLOW_MS:
            began.append(event["timestamp"] - float(found[1]))
    return sorted(began)


def test_four_environments_started_for_four_events(aws, lab):
    began = _slow_cold_starts(aws, lab)
    most = max((sum(1 for other in began if at <= other < at + SLOW_MS) for at in began), default=0)
    expect(
        most >= AT_ONCE,
        f"At most {most} environments started cold for slow events at the same time; four events at once need {AT_ONCE}. "
        "Hand them over without waiting for their answers, while the rule holds the handler.",
    )
