"""Nothing is lost, nothing is done twice."""

import json

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.recovery import objects_in

NO_IMAGE = {
    "notes.jpg": "a text file",
    "cut.jpg": "a JPEG cut off in the middle",
    "empty.png": "an empty object",
    "old.bmp": "a BMP",
    "album/": "a folder marker",
}
TOO_LARGE = {"heavy.jpg": "one byte more than the limit", "huge.png": "more pixels than the limit"}


@points(5, "error-handling", hint="Set aside what cannot be decoded, with its event, and write nothing for it.", topic="m1-t5")
def test_no_image(evidence, variant, traffic):
    set_aside(evidence, variant, traffic, NO_IMAGE)


@points(
    3, "error-handling", hint="Ask for size and dimensions before you decode; the limits themselves are allowed.", topic="m2-t7"
)
def test_too_large(evidence, variant, traffic):
    expect(made(evidence, variant, "largest.jpg"), "An image of exactly the allowed pixels was uploaded; it was not processed.")
    expect(made(evidence, variant, "heaviest.jpg"), "An image of exactly the allowed bytes was uploaded; it was not processed.")
    set_aside(evidence, variant, traffic, TOO_LARGE)


@points(3, "error-handling", hint="Catch errors a record, not a batch: report or set aside the one that failed.", topic="m2-t2")
def test_neighbours(evidence, variant, traffic):
    with Tally() as tally:
        for name in ("good-before.jpg", "good-after.jpg", "batch/one.jpg", "batch/three.jpg"):
            tally.expect(made(evidence, variant, name), "A sound image that came together with a broken one was not processed.")
        for name in ("good-before.jpg", "good-after.jpg"):
            kept = failed(evidence, "bad", (traffic.bucket, f"{variant['incoming']}/{name}"))
            tally.expect(not kept, "A sound image that came together with a broken one ended in the failure queue.")


@points(4, "error-handling", hint="Let the error end the invocation, so that it is tried again.", topic="m2-t8")
def test_transient(evidence, variant, traffic):
    with Tally() as tally:
        for name, what in {"transient-s3.jpg": "S3's PutObject", "transient-sns.jpg": "SNS's Publish"}.items():
            done = made(evidence, variant, name) and notified(evidence, variant, traffic, name) >= 1
            tally.expect(done, f"{what} failed once with an error that passes; twelve minutes later the image was not done.")


@points(4, "error-handling", hint="After the last attempt the event belongs in the failure queue, once.", topic="m1-t5")
def test_permanent(evidence, variant, traffic):
    with Tally() as tally:
        for name, what in {"permanent-s3.jpg": "S3's PutObject", "permanent-sns.jpg": "SNS's Publish"}.items():
            count = failed(evidence, "permanent", (traffic.bucket, f"{variant['incoming']}/{name}"))
            tally.expect(
                count == 1, f"{what} failed for good; {count} messages in the failure queue tell of it, one was expected."
            )


@points(
    2,
    "error-handling",
    hint="Give a claim back when the work fails, else a redriven event is taken for a duplicate.",
    topic="m1-t5",
)
def test_redriven(evidence, variant, traffic):
    with Tally() as tally:
        for name in ("permanent-s3.jpg", "permanent-sns.jpg"):
            done = made(evidence, variant, name) and notified(evidence, variant, traffic, name) == 1
            tally.expect(
                done, "The cause of a failure was mended and the event brought back; the image was not done and told once."
            )


@points(
    3, "error-handling", hint="Remember which version of an object was dealt with, in a place all invocations see.", topic="m1-t5"
)
def test_duplicates(evidence, variant, traffic):
    count = notified(evidence, variant, traffic, "twice.jpg")
    again = notified(evidence, variant, traffic, "anew.jpg")
    with Tally() as tally:
        tally.expect(count == 1, f"S3 delivered one event twice; {count} notifications came of it, one was expected.", weight=2)
        tally.expect(
            again == 2, f"An object was replaced by another image; {again} notifications came of the two, two were expected."
        )


@points(
    1,
    "error-handling",
    hint="A test event and an object that is gone are no crash; outputs must not match the trigger.",
    topic="m2-t1",
)
def test_odd_events(evidence, variant, traffic):
    expect(any(made(evidence, variant, name) for name in evidence.notes.get("images", {})), "No image was processed at all.")
    with Tally() as tally:
        quiet = not evidence.during("test-event", evidence.failures) and not errors(evidence, "test-event")
        tally.expect(quiet, "S3's test event, which holds no record, was taken for an upload that failed.")
        gone = f"{variant['incoming']}/gone.jpg"
        kept = failed(evidence, "bad", (traffic.bucket, gone))
        said = any(gone in line.text for line in evidence.during("bad", evidence.lines))
        tally.expect(kept or said or not traffic.entries(), "An object was gone before it was read; nothing tells of it.")
        tally.expect(not evidence.notes.get("echoes"), "An image that was written triggered the function again.")


def set_aside(evidence, variant, traffic, names):
    """Each is in the failure queue, recoverable, and nothing was written for it."""
    with Tally() as tally:
        for name, what in names.items():
            where = (traffic.bucket, f"{variant['incoming']}/{name}")
            kept = f"{what.capitalize()} was uploaded; the failure queue holds nothing that names it."
            tally.expect(failed(evidence, "bad", where), kept, part=name)
            left = f"{what.capitalize()} was uploaded; something was written for it."
            tally.expect(not outputs(evidence, variant, name), left, part=name)


def outputs(evidence, variant, name):
    stem = name.rpartition(".")[0] or name
    keys = (f"{variant['thumbnails']}/{stem}.webp", f"{variant['previews']}/{stem}.jpg")
    return [key for key in keys if key in evidence.objects]


def made(evidence, variant, name):
    return len(outputs(evidence, variant, name)) == 2


def failed(evidence, window, where):
    return sum(where in objects_in(message.body) for message in evidence.during(window, evidence.failures))


def notified(evidence, variant, traffic, name):
    key = f"{variant['incoming']}/{name}"
    return sum(_source(message.body) == (traffic.bucket, key) for message in evidence.notifications)


def errors(evidence, window):
    """Lines by which Lambda or the function says that an invocation failed."""
    marks = ("[ERROR]", "Task timed out", "Runtime.", '"level":"ERROR"', '"level": "ERROR"')
    return [line for line in evidence.during(window, evidence.lines) if any(mark in line.text for mark in marks)]


def _source(body):
    try:
        held = json.loads(body)["source"]
        return held["bucket"], held["key"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
