"""Next time somebody is woken."""

from autograder.checks.expect import expect
from autograder.checks.marks import points
from autograder.probes.alerts import ringing


@points(5, "monitoring", hint="A queue's metrics are found by its name; what Ref gives of a queue is its URL.", topic="m6-t5")
def test_parcel_alarm(evidence):
    waited("parcels", evidence, "parcel-waits")


@points(5, "monitoring", hint="Alarm on ApproximateNumberOfMessagesVisible, as for the other failure queue.", topic="m6-t5")
def test_notice_alarm(evidence):
    waited("notices", evidence, "notice-waits")


@points(2, "monitoring", hint="Missing data is not breaching, and a threshold lies above what is normal.", topic="m6-t4")
def test_quiet(evidence):
    rang = ringing(evidence, "parcel-waits") or ringing(evidence, "notice-waits")
    expect(rang, "No alarm rang when it should have, so its silence says nothing.")
    expect(not ringing(evidence, "quiet"), "Nothing happened for twenty minutes, and an alarm rang.")


def waited(what, evidence, window):
    said = f"A message waited in the failure queue of {what} for a quarter of an hour; no alarm told the alert topic of it."
    expect(ringing(evidence, window), said)
