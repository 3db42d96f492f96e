"""An operator sees what happened."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.probes.alerts import ringing
from autograder.probes.log_records import own_lines


@points(5, "monitoring", hint="Alarm on AWS/Lambda Errors with the dimension Resource: function:alias.", topic="m4-t3")
def test_rings(evidence):
    with Tally() as tally:
        said = "Calls of the alias failed and no release was under way; nothing in state ALARM arrived on the alert topic."
        tally.expect(ringing(evidence, "errors"), said)
        said = "A release failed for customers; nothing in state ALARM arrived on the alert topic."
        tally.expect(ringing(evidence, "coupons"), said)


@points(4, "monitoring", hint="The alias's errors alone, and missing data is not breaching.", topic="m6-t3")
def test_quiet(evidence):
    expect(ringing(evidence, "errors") or ringing(evidence, "coupons"), "Calls failed and no alarm rang: quiet is not enough.")
    with Tally() as tally:
        tally.expect(not ringing(evidence, "idle"), "No call failed, and an alarm rang.")
        said = "A good release was deployed, and somebody made the draft fail; an alarm rang."
        tally.expect(not ringing(evidence, "second"), said)
        said = "A release was stopped before it had a customer, and an alarm rang."
        tally.expect(not ringing(evidence, "wrong"), said)


@points(1, "monitoring", hint="Subscribe the address of the parameter AlertEmail to the alert topic.", topic="m6-t3")
def test_mail(evidence, stack):
    address = stack.parameters.get("AlertEmail")
    expect(
        address and address in evidence.facts.get("mail", ()), "The address in AlertEmail is not subscribed to the alert topic."
    )


@points(5, "monitoring", hint="Log context.function_version and pricing.RELEASE with every call.", topic="m6-t1")
def test_versions_in_log(evidence):
    calls = evidence.notes.get("releases", {}).get("second", {}).get("calls", ())
    wanted = {(call["version"], call["said"].get("release")) for call in calls if not call["failed"]}
    expect(wanted, "No call of the alias succeeded, so no line can tell of one.")
    found = [line for _, line in own_lines(evidence, "second") if line]
    with Tally() as tally:
        for version, release in sorted(wanted, key=str):
            mine = [line for line in found if (str(line.get("version")), line.get("release")) == (version, release)]
            made = sum(call["version"] == version for call in calls)
            said = (
                "Two versions answered; the log does not have a line for every call with version and release of the one that ran."
            )
            tally.expect(len(mine) >= made, said)
