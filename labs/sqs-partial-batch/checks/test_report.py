"""Of a mixed batch the good ones are printed once, and the bad one alone comes back."""

import json
from uuid import uuid4

from autograder.checks.expect import expect


def test_only_the_bad_one_comes_back(aws, lab, session):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    tried = uuid4().hex[:6]  # a label once printed stays counted, and a line of the log stays written
    good = [f"check-{tried}-{n}" for n in range(1, 6)]
    bodies = [{"parcel": name, "grams": 1} for name in good]
    bodies.insert(2, {"parcel": f"check-{tried}-bad"})
    entries = [{"Id": str(n), "MessageBody": json.dumps(body)} for n, body in enumerate(bodies)]
    sqs.send_message_batch(QueueUrl=url, Entries=entries)
    session.wait(100)
    items = aws("dynamodb").scan(TableName=lab.name("table"), ConsistentRead=True)["Items"]
    labels = {item["parcel"]["S"]: int(item["labels"]["N"]) for item in items}
    missing = [name for name in good if name not in labels]
    expect(not missing, f"{', '.join(missing)} came in a batch with a bad parcel and have no label.")
    twice = {name: labels[name] for name in good if labels[name] > 1}
    expect(
        not twice,
        f"The label of {next(iter(twice), '')} was printed {next(iter(twice.values()), 0)} times: the whole batch came back. "
        "What the function reports must be messageIds, and it must not raise.",
    )
    events = aws("logs").filter_log_events(
        logGroupName=f"/aws/lambda/{lab.name('function')}", filterPattern=f'"check-{tried}-bad"'
    )["events"]
    types = aws("lambda").list_event_source_mappings(FunctionName=lab.name("function"))["EventSourceMappings"][0]
    reads = "ReportBatchItemFailures" in types.get("FunctionResponseTypes", [])
    why = "the function does not report it" if reads else "the mapping does not read what the function reports"
    expect(len(events) >= 2, f"The bad parcel was tried once and deleted, as if it had been done: {why}.")
