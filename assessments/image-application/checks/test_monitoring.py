"""An operator sees what happened."""

import re

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.probes.alerts import ringing
from autograder.probes.log_records import errors, mentions, names_exception, own_lines, texts_in
from autograder.probes.monitoring import embedded_metrics

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FAILING = ("notes.jpg", "cut.jpg", "empty.png")
RETENTION_DAYS_MAX = 366
SERIES_MAX = 20


@points(
    4,
    "monitoring",
    hint="Alarm on AWS/Lambda Errors of this function, sum of a minute, one is enough, and act on the alert topic.",
    topic="m6-t3",
)
def test_errors_alarm(evidence):
    rung = ringing(evidence, "crash")
    expect(rung, "The function crashed twice; within a quarter of an hour nothing in state ALARM arrived on the alert topic.")


@points(
    4,
    "monitoring",
    hint="Alarm on ApproximateNumberOfMessagesVisible of the failure queue, and act on the alert topic.",
    topic="m6-t5",
)
def test_depth_alarm(evidence):
    rung = ringing(evidence, "waiting")
    expect(
        rung, "A message waited in the failure queue for a quarter of an hour; nothing in state ALARM arrived on the alert topic."
    )


@points(2, "monitoring", hint="Missing data is not breaching, and a threshold lies above what is normal.", topic="m6-t4")
def test_quiet(evidence, stack):
    topic = stack.outputs.get("AlertTopicArn", "")
    acting = [name for name, actions in evidence.facts.get("alarms", {}).items() if topic and topic in actions]
    expect(acting, "No alarm acts on the alert topic.")
    with Tally() as tally:
        tally.expect(not ringing(evidence, "quiet"), "Nothing happened for twenty minutes, and an alarm rang.")
        failed = evidence.during("images", evidence.failures) or not evidence.objects
        tally.expect(failed or not ringing(evidence, "images"), "Sound images were processed, and an alarm rang.")


@points(1, "monitoring", hint="Subscribe the address of the parameter AlertEmail to the alert topic.", topic="m6-t3")
def test_mail(evidence, stack):
    address = stack.parameters.get("AlertEmail")
    expect(
        address and address in evidence.facts.get("mail", ()), "The address in AlertEmail is not subscribed to the alert topic."
    )


@points(2, "monitoring", hint="One JSON object a line, with the request id and the object's key in the same one.", topic="m6-t1")
def test_json_logs(evidence, variant):
    lines = own_lines(evidence, "images")
    expect(lines, "The function wrote nothing of its own into its log while it processed images.")
    with Tally() as tally:
        plain = [text for text, found in lines if found is None]
        tally.expect(not plain, f"{len(plain)} of {len(lines)} log lines are no JSON objects.")
        requests = [found for _, found in lines if found and any(UUID.fullmatch(value) for value in texts_in(found))]
        for name in ("landscape.jpg", "upright.jpg"):
            key = f"{variant['incoming']}/{name}"
            told = any(mentions(found, key) for found in requests)
            said = "No log line holds the request id together with the key of an image that was processed."
            tally.expect(told, said, part="id")


@points(
    2, "monitoring", hint="Log an ERROR with the exception's type and the object's key wherever you handle one.", topic="m6-t1"
)
def test_error_lines(evidence, variant):
    found = errors(own_lines(evidence, "bad"))
    with Tally() as tally:
        for name in FAILING:
            key = f"{variant['incoming']}/{name}"
            mine = [line for line in found if mentions(line, key)]
            tally.expect(mine, "An image failed; no line of level ERROR holds its key.", part="key")
            typed = any(names_exception(line) for line in mine)
            tally.expect(typed, "An ERROR line does not name the exception's type.", part="type")


@points(2, "monitoring", hint="Print metrics in embedded metric format; the request id is no dimension.", topic="m6-t3")
def test_metrics(evidence, variant):
    images = embedded_metrics(evidence.during("images", evidence.lines), variant["namespace"])
    bad = embedded_metrics(evidence.during("bad", evidence.lines), variant["namespace"])
    done = sum(1 for name in evidence.notes.get("images", {}) if evidence.objects)
    with Tally() as tally:
        seen = sum(metric.value for metric in images if metric.name == "ImagesProcessed")
        tally.expect(
            seen > 0 and seen <= done,
            f"{done} images were processed; the sum of ImagesProcessed in {variant['namespace']} was {seen:g}.",
        )
        failed = sum(metric.value for metric in bad if metric.name == "ImagesFailed")
        tally.expect(failed >= len(FAILING), f"At least {len(FAILING)} images failed; the sum of ImagesFailed was {failed:g}.")
        wrong = sum(metric.value for metric in images if metric.name == "ImagesFailed")
        well = not evidence.during("images", evidence.failures)
        tally.expect(wrong == 0 or not well, f"No image failed, and ImagesFailed was {wrong:g}.")
        series = {metric.dimensions for metric in (*images, *bad)}
        tally.expect(
            len(series) <= SERIES_MAX // 4,
            f"The metrics have {len(series)} sets of dimension values: one that differs for each image costs a metric each.",
        )


@points(1, "monitoring", hint="Log what identifies the event, not the event.", topic="m6-t1")
def test_discreet(evidence):
    lines = [text for text, _ in own_lines(evidence, "images", "bad", "twice")]
    expect(lines, "The function wrote nothing into its log.")
    whole = any("eventSource" in text and "sourceIPAddress" in text for text in lines)
    expect(not whole, "Whole events are written into the log, with the addresses of those who upload.")
    secret = any(
        mark in text for text in lines for mark in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "aws_secret_access_key")
    )
    expect(not secret, "Credentials of the function are written into the log.")


@points(1, "monitoring", hint="Give every function a log group of its own with RetentionInDays.", topic="m7-t6")
def test_retention(evidence):
    held = evidence.facts.get("retention", {})
    expect(held, "The stack has no function.")
    with Tally() as tally:
        for days in held.values():
            shown = "for ever" if days is None else f"{days} days"
            tally.expect(
                days and days <= RETENTION_DAYS_MAX, f"A log group keeps its lines {shown}; a year at most was expected."
            )


@points(1, "monitoring", hint="Tracing: Active, and the role may put segments.", topic="m6-t2")
def test_tracing(evidence):
    mode = evidence.facts.get("function", {}).get("TracingConfig", {}).get("Mode")
    expect(mode == "Active", f"The function's tracing is {mode}; Active was expected.")
    expect(
        evidence.facts.get("traces", 0) > 0,
        "Tracing is active, and no trace of the function arrived: its role must let it put segments.",
    )
