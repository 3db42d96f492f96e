"""Somebody hears of it, and only then."""

import re

from autograder.checks.expect import Tally, expect
from autograder.checks.marks import points
from autograder.probes.alerts import ringing
from autograder.probes.log_records import errors, mentions, names_exception, own_lines, texts_in

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LOUD = ("waiting", "crash", "sweep-fails", "refusals", "backlog", "silence")
SERIES_MAX = 5


@points(9, "monitoring", hint="Errors of each function by its own name: the sum of a minute, one is enough.", topic="m1-t7")
def test_errors_alarm(evidence):
    with Tally() as tally:
        for window, what in {"crash": "The worker crashed twice", "sweep-fails": "The sweep failed for ten minutes"}.items():
            tally.expect(ringing(evidence, window), f"{what}; nothing in state ALARM arrived on the alert topic.")


@points(6, "monitoring", hint="ApproximateNumberOfMessagesVisible of the failure queue, by its name.", topic="m1-t5")
def test_depth_alarm(evidence):
    rung = ringing(evidence, "waiting")
    expect(rung, "A job waited in the failure queue for ten minutes; nothing in state ALARM arrived on the alert topic.")


@points(6, "monitoring", hint="The age of the oldest message tells that nobody works, when nothing fails.", topic="m2-t2")
def test_backlog_alarm(evidence):
    expect(
        ringing(evidence, "backlog"),
        "A job waited for half an hour and nobody took it; nothing in state ALARM arrived on the alert topic.",
    )


@points(
    6,
    "monitoring",
    hint="What does not run has no errors: alarm on too few invocations and on missing data, over short periods.",
    topic="m1-t7",
)
def test_silence_alarm(evidence):
    expect(
        ringing(evidence, "silence"), "The sweep was not started for an hour; nothing in state ALARM arrived on the alert topic."
    )


@points(
    12,
    "monitoring",
    hint="Alarm on the metric you send: same namespace, same name, same dimensions, over five minutes.",
    topic="m1-t7",
)
def test_refusals_alarm(evidence):
    rung = ringing(evidence, "refusals")
    expect(rung, "More jobs were refused within five minutes than is normal; nothing in state ALARM arrived on the alert topic.")
    early = not set(rung) & set(ringing(evidence, "normal"))
    expect(early, "As many jobs were refused as is normal, and the alarm on refused jobs rang.")


@points(
    9,
    "monitoring",
    hint="Thresholds above what is normal; missing data is breaching only where silence is the fault.",
    topic="m1-t7",
)
def test_quiet(evidence):
    rung = [window for window in LOUD if ringing(evidence, window)]
    expect(rung, "Whatever was broken, no alarm told the alert topic, so being quiet is worth nothing.")
    expect(not ringing(evidence, "quiet"), "Nothing happened for twenty minutes, and an alarm rang.")
    expect(not ringing(evidence, "work"), "Jobs were paid as they should be, and an alarm rang.")
    with Tally() as tally:
        tally.expect(not ringing(evidence, "normal"), "As many jobs were refused as is normal, and an alarm rang.")
        left = sorted(name for name, state in evidence.notes.get("states", {}).items() if state == "ALARM")
        tally.expect(not left, f"Everything was mended forty minutes ago, and {len(left)} alarms are still in state ALARM.")


@points(4, "monitoring", hint="One JSON object a line; the request id and the job in the same one.", topic="m1-t7")
def test_json_logs(evidence):
    lines = own_lines(evidence, "work")
    expect(lines, "The functions wrote nothing of their own into their logs while jobs were done.")
    with Tally() as tally:
        plain = [text for text, found in lines if found is None]
        tally.expect(not plain, f"{len(plain)} of {len(lines)} log lines are no JSON objects.")
        requests = [found for _, found in lines if found and any(UUID.fullmatch(value) for value in texts_in(found))]
        for name in ("job-w1", "job-w2"):
            told = any(mentions(found, name) for found in requests)
            tally.expect(told, "No log line holds the request id together with a job that was paid.", part="id")


@points(3, "monitoring", hint="An ERROR with the exception's type and the job, wherever you handle one.", topic="m1-t7")
def test_error_lines(evidence):
    mine = [found for found in errors(own_lines(evidence, "bad")) if mentions(found, "job-b2")]
    expect(mine, "A job failed; no line of level ERROR holds its id.")
    expect(
        any(names_exception(found) for found in mine), "The ERROR line of a job that failed does not name the exception's type."
    )


@points(3, "monitoring", hint="Log what identifies the event, not the event.", topic="m3-t6")
def test_discreet(evidence):
    lines = own_lines(evidence, "work", "bad", "transient")
    expect(lines, "The functions wrote nothing of their own into their logs.")
    sealed = evidence.notes.get("sealed", "AWS_SECRET_ACCESS_KEY")
    secret = any(mark in text for text, _ in lines for mark in (sealed, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
    expect(not secret, "The log holds the token of a job, or credentials of the function.")


@points(10, "monitoring", hint="Three names, one namespace, no dimension that differs for each job.", topic="m1-t7")
def test_metrics(evidence, variant):
    work, normal, bad = (evidence.facts.get("metrics", {}).get(name, {}) for name in ("work", "normal", "bad"))
    with Tally() as tally:
        for held, name, count in ((work, "PayoutsPaid", 3), (normal, "PayoutsRefused", variant["refused_max"])):
            sums = held.get(name, [])
            seen = f"{sum(sums):g}" if sums else "nothing"
            tally.expect(
                count in (sum(sums), *sums), f"{count} jobs were counted by hand; {name} in {variant['namespace']} says {seen}."
            )
        tally.expect(
            sum(bad.get("PayoutsFailed", [])) >= 1, f"A job failed; PayoutsFailed in {variant['namespace']} says nothing."
        )
        most = max((len(sums) for sums in (*normal.values(), *bad.values())), default=0)
        tally.expect(
            0 < most <= SERIES_MAX,
            f"A metric has {most} series; one, or one for each kind of job, was expected: each costs a metric.",
        )


@points(
    4, "monitoring", hint="A log group for each function with RetentionInDays; Tracing: Active; a subscription.", topic="m1-t7"
)
def test_settings(evidence, stack, variant):
    with Tally() as tally:
        for days in (evidence.facts.get("retention", {}) or {"": 0}).values():
            shown = "for ever" if days is None else f"{days} days"
            sound = days == variant["retention_days"]
            tally.expect(
                sound, f"A log group keeps its lines {shown}; {variant['retention_days']} days were wanted.", part="kept"
            )
        traced = evidence.facts.get("tracing") and set(evidence.facts["tracing"]) == {"Active"}
        tally.expect(traced and evidence.facts.get("traces"), "A function's tracing is not active, or no trace of it arrived.")
        told = stack.parameters.get("AlertEmail") in evidence.facts.get("mail", ())
        tally.expect(told, "The address in AlertEmail is not subscribed to the alert topic.")
