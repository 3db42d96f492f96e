"""Versions and outputs."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points

KINDS = {"FunctionName": "AWS::Lambda::Function", "AlertTopicArn": "AWS::SNS::Topic"}


@points(1, "configuration", hint="Every output the task asks for, with the name of a resource of this stack.", topic="m4-t1")
def test_stack_outputs(stack):
    with Tally() as tally:
        for name, kind in KINDS.items():
            sound = stack.outputs.get(name) in stack.physical(kind)
            tally.expect(sound, f"The output {name} is not there, or names no {kind} of the stack.")


@points(
    4, "configuration", hint="Keep versions: DeletionPolicy and UpdateReplacePolicy Retain, where SAM does not.", topic="m1-t8"
)
def test_versions(evidence):
    releases, held = evidence.notes.get("releases", {}), evidence.notes.get("versions", {})
    expect(releases and held, "No release went through, so there are no versions to ask.")
    expected = {releases[name]["route"]["version"]: name for name in ("second", "fourth") if "route" in releases.get(name, {})}
    before = releases.get("second", {}).get("before")
    with Tally() as tally:
        for version, release in {before: "first", **expected}.items():
            numbered = str(version).isdecimal() and held.get(version) == release
            tally.expect(
                numbered, "After all releases the version of one of them, called by its number, did not answer as that release."
            )
