"""It deploys beside itself."""

from autograder.checks.expect import expect
from autograder.checks.marks import points


@points(
    4, "configuration", hint="Let CloudFormation name roles and policies, or put Stage into every name you choose.", topic="m7-t1"
)
def test_names(evidence):
    why = evidence.notes.get("second", "it was not tried")
    expect(why == "", f"The template was deployed again with another Stage, beside the first; that failed: {why}")
