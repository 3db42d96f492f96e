"""Whatever goes wrong with one record, the others are printed once and that one comes back."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def _labels(aws, lab):
    items = aws("dynamodb").scan(TableName=lab.name("table"), ConsistentRead=True)["Items"]
    return {item["parcel"]["S"]: int(item["labels"]["N"]) for item in items}


def _send(aws, lab, bodies):
    entries = [{"Id": str(n), "MessageBody": json.dumps(body)} for n, body in enumerate(bodies)]
    sqs = aws("sqs")
    sqs.send_message_batch(QueueUrl=sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"], Entries=entries)


def _new(count):
    """Names that no check before this one has used: a label once printed stays counted."""
    tried = uuid4().hex[:6]
    return [f"check-{tried}-{n}" for n in range(1, count + 1)]


def test_every_parcel_of_the_bad_minute_has_its_label(aws, lab):
    labels = _labels(aws, lab)
    missing = [f"S-{n}" for n in range(1, 11) if f"S-{n}" not in labels]
    expect(
        not missing,
        f"{', '.join(missing)} have no label. What the function does not report is deleted; what it reports comes back after "
        "the visibility timeout: has enough time passed?",
    )


def test_another_bad_minute_costs_no_parcel_and_doubles_none(aws, lab, session):
    names = _new(10)
    error = {"code": "InternalServerError", "status": 500}
    rule = {"service": "dynamodb", "operation": "UpdateItem", "caller": f"*{lab.name('role')}*", "error": error, "count": 5}
    with session.broken(**rule) as broken:
        if not broken:
            return
        _send(aws, lab, [{"parcel": name, "grams": 1} for name in names])
        session.wait(200)
    labels = _labels(aws, lab)
    missing = [name for name in names if name not in labels]
    expect(not missing, f"In another bad minute of the table {', '.join(missing)} have no label.")
    twice = [name for name in names if labels[name] > 1]
    expect(not twice, f"{', '.join(twice)} had labels printed more than once: one failure sent the whole batch back.")


def test_a_failure_nobody_thought_of_disturbs_no_other_record(aws, lab, session):
    names = _new(3)
    bodies = [{"parcel": name, "grams": 1} for name in names]
    bodies.insert(1, {"grams": 7})  # no parcel at all: a KeyError in the worker
    _send(aws, lab, bodies)
    session.wait(100)
    labels = _labels(aws, lab)
    counts = [labels.get(name, 0) for name in names]
    expect(
        all(counts), f"A message without a parcel's name kept {counts.count(0)} other records of its batch from being printed."
    )
    expect(
        max(counts) == 1,
        f"With a message in the batch that raised a KeyError, other records had labels printed more than once ({counts}).",
    )
