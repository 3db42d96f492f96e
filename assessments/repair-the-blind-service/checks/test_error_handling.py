"""A failure is a failure."""

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points


@points(
    9, "error-handling", hint="Report the message that failed, and it alone, so that the queue's redrive sees it.", topic="m2-t2"
)
def test_kept(evidence):
    held = [message for message in evidence.during("bad", evidence.failures) if "job-b2" in message.body]
    expect(len(held) == 1, f"A job cannot be done; {len(held)} messages in the failure queue hold it, one was expected.")
    with Tally() as tally:
        for name in ("job-b1", "job-b3"):
            paid = evidence.notes.get("rows-after", {}).get(name, {}).get("state") == "paid"
            lost = any(name in message.body for message in evidence.failures)
            tally.expect(
                paid and not lost,
                "A sound job came together with one that cannot be done; it was not paid, or is in the failure queue.",
            )


@points(6, "error-handling", hint="An error that is caught and forgotten deletes the message.", topic="m2-t8")
def test_comes_again(evidence):
    state = evidence.notes.get("rows-after", {}).get("job-t1", {}).get("state")
    expect(state == "paid", "The table refused a job once; six minutes later the job was not paid.")


@points(5, "error-handling", hint="Let the error end the invocation: Lambda tries again, and counts it.", topic="m1-t5")
def test_sweep_fails(evidence):
    expect(evidence.notes.get("sweep-failed"), "The table refused what the sweep asked; the sweep ended as if all were well.")
