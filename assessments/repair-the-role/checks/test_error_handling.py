"""What cannot be done ends in the failure queue."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.recovery import objects_in


@points(6, "error-handling", hint="The code sends such files to a queue of their own: may it?", topic="m3-t1")
def test_unreadable(evidence, variant, traffic):
    where = (traffic.bucket, f"{variant['incoming']}/notes.txt")
    found = [body for body in evidence.notes.get("rejected", ()) if where in objects_in(body)]
    expect(
        len(found) == 1,
        f"A file without orders was uploaded; {len(found)} messages in the reject queue name it, one was expected.",
    )


@points(3, "error-handling", hint="Lambda sends to the destination in the role's name.", topic="m1-t5")
def test_lost(evidence, variant, traffic):
    where = (traffic.bucket, f"{variant['incoming']}/lost.json")
    found = [message for message in evidence.during("lost", evidence.failures) if where in objects_in(message.body)]
    expect(found, "The table refused for good; after three attempts the event is not in the failure queue.")


@points(
    3,
    "error-handling",
    hint="What worked before has to work afterwards: the queue's redrive and the partial answer.",
    topic="m2-t2",
)
def test_poison(evidence, variant):
    found = [message for message in evidence.during("poison", evidence.failures) if "nobody-ordered-this" in message.body]
    with Tally() as tally:
        tally.expect(
            len(found) == 1, "A task named an order that is not there; it did not end in the failure queue once.", part="all"
        )
        done = f"{variant['receipts']}/d1.json" in evidence.objects
        tally.expect(done, "A task came together with one that cannot be done; it has no receipt.", part="all")
