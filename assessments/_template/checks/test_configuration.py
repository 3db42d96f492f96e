"""It deploys anywhere."""

from autograder.checks.expect import expect
from autograder.checks.marks import points


@points(2, "configuration", hint="Let CloudFormation name resources.", topic="m7-t1")
def test_names(evidence):
    why = evidence.notes.get("second", "it was not tried")
    expect(why == "", f"The template was deployed again with another Stage, beside the first; that failed: {why}")
