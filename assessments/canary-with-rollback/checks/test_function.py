"""Customers get prices, of the release that is meant for them."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points

TEA = {"first": 450, "second": 460, "fourth": 470}


@points(8, "function", hint="Return what quote returned and the release's name; let what it raises end the call.", topic="m1-t8")
def test_quotes(evidence, variant):
    calls = evidence.notes.get("idle", [])
    expect(calls, "Customers called the alias; it could not be called.")
    with Tally() as tally:
        right = sum(answers(call, "first", variant["field"]) for call in calls)
        tally.expect(
            right == len(calls), f"{len(calls)} customers called; {right} got price and release of what was handed in.", weight=3
        )
        unknown = evidence.notes.get("unknown", [])
        failed = unknown and all(call["failed"] for call in unknown)
        tally.expect(failed, "quote raised for an article that is not known; the call did not fail.")


@points(12, "function", hint="Publish a version for each release, and let the alias's update go by CodeDeploy.", topic="m4-t2")
def test_released(evidence, variant):
    with Tally() as tally:
        for name, what in (("second", "A good release"), ("fourth", "A good release after some that failed")):
            held = evidence.notes.get("releases", {}).get(name)
            if not held or "route" not in held:
                tally.expect(False, f"{what} was deployed; the alias could not be called meanwhile.")  # noqa: FBT003
                continue
            done = held["status"] == "UPDATE_COMPLETE" and not held["refused"]
            tally.expect(done, f"{what} was deployed; the stack's update ended as {held['status']}. {held['refused']}")
            right = sum(answers(call, name, variant["field"]) for call in held["after"])
            said = f"{what} was deployed; afterwards {right} of {len(held['after'])} customers got its prices."
            tally.expect(right == len(held["after"]), said, weight=2)


def answers(call, release, field):
    """Whether this is the right answer of that release."""
    cents = 2 * TEA[release] * (90 if call["coupon"] else 100) // 100
    return not call["failed"] and (call["said"].get(field), call["said"].get("release")) == (cents, release)
