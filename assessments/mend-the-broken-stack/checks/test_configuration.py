"""It deploys anywhere, and keeps what failed."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points


@points(
    2,
    "configuration",
    hint="MessageRetentionPeriod is in seconds, and {fact}`four days <X-06>` unless you say otherwise.",
    topic="m2-t2",
)
def test_kept(evidence, variant):
    held = evidence.facts.get("kept", {})
    expect(held, "The failure queues could not be looked at.")
    with Tally() as tally:
        for days in held.values():
            said = f"A failure queue keeps its messages {days} days; {variant['kept_days']} were asked for."
            tally.expect(days >= variant["kept_days"], said)


@points(2, "configuration", hint="Let CloudFormation name resources, or put Stage into every name you choose.", topic="m7-t1")
def test_names(evidence):
    why = evidence.notes.get("second", "it was not tried")
    expect(why == "", f"The template was deployed again with another Stage, beside the first; that failed: {why}")
