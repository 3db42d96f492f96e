"""What fails is tried again, kept, and stops nobody else."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points


@points(
    8,
    "error-handling",
    hint="A list of batchItemFailures says something only to a mapping that was told to read it.",
    topic="m2-t2",
)
def test_refused(evidence, variant):
    kept = [body for body in evidence.notes.get("refused-parcels", ()) if "R-1" in body]
    seen, wanted = evidence.notes.get("attempts", 0), variant["attempts"]
    told = f"The carrier refused a parcel; {len(kept)} messages in the failure queue tell of it, one was expected."
    with Tally() as tally:
        tally.expect(len(kept) == 1, told)
        tally.expect(seen == wanted, f"The carrier refused a parcel; Ship was called {seen} times for it, not {wanted}.")


@points(4, "error-handling", hint="Only the message that failed goes back to the queue.", topic="m2-t2")
def test_neighbours(evidence):
    rows, kept = evidence.notes.get("together-rows", {}), evidence.notes.get("together-parcels", [])
    expect(any("T-2" in body for body in kept), "Of three parcels the carrier refused one; it is not in the failure queue.")
    with Tally() as tally:
        for number in ("T-1", "T-3"):
            tally.expect(rows.get(number) == "shipped", "A sound parcel that came with a refused one was not shipped.")
            lost = any(number in body for body in kept)
            tally.expect(not lost, "A sound parcel that came with a refused one ended in the failure queue.")


@points(
    6, "error-handling", hint="How often Lambda tries an asynchronous event again is a setting of the function.", topic="m2-t8"
)
def test_passing(evidence):
    rows = evidence.notes.get("passing-rows", {})
    expect(rows.get("P-1") == "shipped", "A card order was placed; twenty minutes later it was not shipped.")
    told = [message for message in evidence.during("passing", evidence.notifications) if "P-1" in message.body]
    said = f"SNS refused a notice once and took the next one; {len(told)} notices arrived in the time, one was expected."
    expect(len(told) == 1, said)


@points(
    8,
    "error-handling",
    hint="After the last attempt an event is gone, unless the function says where it should go.",
    topic="m1-t5",
)
def test_staying(evidence):
    rows = evidence.notes.get("staying-rows", {})
    expect(rows.get("P-2") == "shipped", "A card order was placed; half an hour later it was not shipped.")
    kept = [body for body in evidence.notes.get("staying-notices", ()) if "P-2" in body]
    said = f"SNS refused a notice again and again; {len(kept)} messages in its failure queue name the order, one was expected."
    expect(len(kept) == 1, said)
