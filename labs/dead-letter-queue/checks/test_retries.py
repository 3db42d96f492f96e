"""Three attempts of one event, all with the same request id."""

from collections import Counter

from autograder.checks.expect import expect


def test_the_log_shows_every_attempt(aws, lab):
    events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{lab.name('function')}")["events"]
    starts = Counter(event["message"].split()[2] for event in events if event["message"].startswith("START RequestId:"))
    attempts = max(starts.values(), default=0)
    expect(
        attempts >= 3,
        f"The event that failed most has {attempts} attempts in the log so far; there will be three. Has enough time passed?",
    )
