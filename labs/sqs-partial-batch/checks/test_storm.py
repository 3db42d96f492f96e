"""Whatever goes wrong with one record, the others are printed once and that one comes back."""

import json

from autograder.checks.expect import expect


def _labels(aws, lab):
    items = aws("dynamodb").scan(TableName=lab.name("table"), ConsistentRead=True)["Items"]
    return {item["parcel"]["S"]: int(item["labels"]["N"]) for item in items}


def test_every_parcel_of_the_bad_minute_has_its_label(aws, lab):
    labels = _labels(aws, lab)
    missing = [f"S-{n}" for n in range(1, 11) if f"S-{n}" not in labels]
    expect(
        not missing,
        f"{', '.join(missing)} have no label. What the function does not report is deleted; what it reports comes back after "
        "the visibility timeout: has enough time passed?",
    )
    twice = [f"S-{n}" for n in range(1, 11) if labels[f"S-{n}"] > 1]
    expect(not twice, f"{', '.join(twice)} had labels printed more than once: one failure sent the whole batch back.")


def test_a_failure_nobody_thought_of_disturbs_no_other_record(aws, lab, session):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    bodies = [{"parcel": f"late-{n}", "grams": 1} for n in range(1, 4)]
    bodies.insert(1, {"grams": 7})  # no parcel at all: a KeyError in the worker
    entries = [{"Id": str(n), "MessageBody": json.dumps(body)} for n, body in enumerate(bodies)]
    sqs.send_message_batch(QueueUrl=url, Entries=entries)
    session.wait(100)
    labels = _labels(aws, lab)
    counts = [labels.get(f"late-{n}", 0) for n in range(1, 4)]
    expect(
        all(counts), f"A message without a parcel's name kept {counts.count(0)} other records of its batch from being printed."
    )
    expect(
        max(counts) == 1,
        f"With a message in the batch that raised a KeyError, other records had labels printed more than once ({counts}).",
    )
