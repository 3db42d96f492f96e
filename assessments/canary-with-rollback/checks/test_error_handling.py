"""A bad release reaches nobody, or few for a short time."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points

SHARE = 0.1
SHARE_SEEN_MAX = 0.3  # of some sixty calls
SLACK_S = 90  # the alias is looked at every minute
BACK_S = 300 + 30


@points(10, "error-handling", hint="A canary of ten percent, for as long as the task says, then everything.", topic="m4-t2")
def test_canary(evidence, variant):
    with Tally() as tally:
        for name in ("second", "fourth"):
            routes = evidence.notes.get("releases", {}).get(name, {}).get("routes", ())
            shared = [route for route in routes if route["weights"]]
            tally.expect(shared, "A good release was deployed; the alias never shared its calls between two versions.")
            if not shared:
                continue
            shares = {weight for route in shared for weight in route["weights"].values()}
            tally.expect(shares == {SHARE}, f"The new version's shares were {sorted(shares)}; {SHARE} was expected.")
            lasted, wanted = shared[-1]["at"] - shared[0]["at"], 60 * variant["minutes"]
            said = f"Calls were shared for some {lasted / 60:.1f} minutes; {variant['minutes']} were expected."
            tally.expect(abs(lasted - wanted) <= SLACK_S, said)


@points(15, "error-handling", hint="Ask the new version by its number, and report Failed in every case but one.", topic="m4-t8")
def test_hook(evidence):
    expect(went_through(evidence), "No good release went through, so nothing shows what stopped the bad ones.")
    with Tally() as tally:
        for name, what in (("wrong", "that gives a wrong price for the probe"), ("broken", "that cannot be loaded")):
            held = evidence.notes["releases"].get(name, {})
            if "route" not in held:
                tally.expect(False, f"A release {what} could not be deployed.")  # noqa: FBT003
                continue
            met = [call for call in (*held["calls"], *held["after"]) if call["version"] != held["before"]]
            tally.expect(not met, f"A release {what} was deployed; {len(met)} customers' calls went to it.", weight=3)
            tally.expect(rolled_back(held), f"A release {what} was deployed; the stack's update ended as {held['status']}.")
            said = f"A release {what} was deployed; it was given up after {held['seconds'] / 60:.0f} minutes, five were allowed."
            tally.expect(held["seconds"] <= BACK_S, said)


@points(20, "error-handling", hint="Give the deployment group the alarm, and let it roll back when it rings.", topic="m4-t3")
def test_takes_back(evidence):
    expect(went_through(evidence), "No good release went through, so nothing shows what took the bad one back.")
    held = evidence.notes["releases"].get("coupons", {})
    expect("route" in held, "A release that fails for some customers could not be deployed.")
    calls = [*held["calls"], *held["after"]]
    failed = [call for call in calls if call["failed"]]
    expect(failed, "A release that fails for every second customer was deployed; no call failed, so nobody can have noticed.")
    with Tally() as tally:
        met = [call for call in calls if call["version"] != held["before"]]
        share = len(met) / max(1, sum(call["at"] <= failed[-1]["at"] for call in calls))
        said = (
            f"A release that fails for every second customer was deployed; {share:.0%} of the calls met it until the last failed."
        )
        tally.expect(0 < share <= SHARE_SEEN_MAX, said, weight=2)
        lasted = failed[-1]["at"] - failed[0]["at"]
        said = f"Calls failed for {lasted / 60:.1f} minutes; within five the old version was to have them all."
        tally.expect(lasted <= BACK_S and not any(call["failed"] for call in held["after"]), said, weight=2)
        back = held["route"]["version"] == held["before"] and not held["route"]["weights"]
        tally.expect(back, "The release failed; the alias is not back at the version before with all calls.")
        tally.expect(rolled_back(held), f"The release failed; the stack's update ended as {held['status']}.")


def went_through(evidence):
    releases = evidence.notes.get("releases", {})
    return any(releases.get(name, {}).get("status") == "UPDATE_COMPLETE" for name in ("second", "fourth"))


def rolled_back(held):
    return held["status"] == "UPDATE_ROLLBACK_COMPLETE"
