"""The log holds a pause that an environment survived and a little longer one that it did not.

Only environments of $LATEST are looked at: those that provisioned concurrency keeps live as long as they are paid for.
"""

from itertools import pairwise

from autograder.checks.expect import expect

WITHIN_MIN = 2
PAUSE_MIN = 1


def test_the_limit_is_known_to_within_two_minutes(aws, lab):
    pages = aws("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{lab.name('function')}")
    events = [event for page in pages for event in page["events"] if event["message"].startswith("REPORT")]
    events = [event for event in events if "[$LATEST]" in event["logStreamName"]]
    events.sort(key=lambda event: event["timestamp"])
    warm, cold = [], []
    for before, after in pairwise(events):
        minutes = (after["timestamp"] - before["timestamp"]) / 60_000
        if minutes >= PAUSE_MIN:
            (cold if "Init Duration" in after["message"] else warm).append(minutes)
    expect(warm, "No call after a pause of a minute or more was warm yet.")
    cold = [minutes for minutes in cold if minutes > max(warm)]
    expect(cold, f"After {max(warm):.0f} minutes the environment was still there: wait longer.")
    gap = min(cold) - max(warm)
    expect(
        gap <= WITHIN_MIN + 0.5,
        f"Warm after {max(warm):.0f} minutes, cold after {min(cold):.0f}: halve the gap until it is {WITHIN_MIN} or less.",
    )
