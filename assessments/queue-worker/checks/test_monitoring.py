"""An operator sees what happened."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.probes.alerts import ringing
from autograder.probes.log_records import errors, mentions, names_exception, own_lines


@points(
    5, "monitoring", hint="Alarm on ApproximateNumberOfMessagesVisible of the dead-letter queue: one is enough.", topic="m6-t3"
)
def test_dead_letter_alarm(evidence):
    rung = ringing(evidence, "dead-letter")
    expect(
        rung,
        "A message lay in the dead-letter queue for a quarter of an hour; nothing in state ALARM arrived on the alert topic.",
    )
    expect(not ringing(evidence, "quiet"), "Nothing happened for twenty minutes, and an alarm rang.")


@points(5, "monitoring", hint="Alarm on ApproximateAgeOfOldestMessage of the order queue, in seconds.", topic="m6-t3")
def test_waiting_alarm(evidence, variant):
    wait = variant["waiting_min"]
    rung = ringing(evidence, "waiting")
    expect(
        rung, f"An order waited for {wait + 10} minutes; nothing in state ALARM arrived on the alert topic after {wait} minutes."
    )
    expect(not ringing(evidence, "waiting-early"), f"An order had waited for less than {wait} minutes, and an alarm rang.")
    expect(not ringing(evidence, "orders"), "Sound orders came and were taken, and an alarm rang.")


@points(1, "monitoring", hint="Subscribe the address of the parameter AlertEmail to the alert topic.", topic="m6-t3")
def test_mail(evidence, stack):
    address = stack.parameters.get("AlertEmail")
    expect(
        address and address in evidence.facts.get("mail", ()), "The address in AlertEmail is not subscribed to the alert topic."
    )


@points(
    4, "monitoring", hint="Log an ERROR with the message's id and the exception's type, and nothing of the order.", topic="m6-t1"
)
def test_error_lines(evidence, variant):
    bodies = set(evidence.notes.get("bad", ()))
    ids = [name for name, body in evidence.notes.get("sent", {}).items() if body in bodies]
    lines = own_lines(evidence, "bad")
    told = errors(lines)
    expect(ids and told, "Orders failed; no line of the log is a JSON object of level ERROR.")
    with Tally() as tally:
        for name in ids:
            mine = [found for found in told if mentions(found, name)]
            counted = "An order failed several times; not every attempt has a line of level ERROR with the message's id."
            tally.expect(len(mine) >= variant["attempts"], counted, part="id")
            typed = all(names_exception(found) for found in mine) and mine
            tally.expect(typed, "A line of level ERROR does not name the exception's type.", part="type")
        shown = any("Two teas" in text or '"items"' in text or "sku-0" in text for text, _ in lines)
        tally.expect(not shown, "The content of an order is in the log.", part="discreet")
