"""A week brings five reports, at six in the morning."""

import json
from datetime import UTC, datetime

from autograder.checks.expect import expect


def _reports(aws, lab):
    """When the reports in the queue were sent; the queue is empty afterwards."""
    sqs, found = aws("sqs"), []
    url = sqs.get_queue_url(QueueName=lab.name("billing_queue"))["QueueUrl"]
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["SentTimestamp"]).get("Messages"):
        for message in batch:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if json.loads(message["Body"]) == {"report": "yesterday"}:
                found.append(datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC))
    return sorted(found)


def test_a_week_brings_five_reports(aws, lab, session):
    _reports(aws, lab)
    session.wait(7 * 86_400)
    sent = _reports(aws, lab)
    expect(sent, "A week went by, and no report was asked for.")
    late = next((when for when in sent if (when.hour, when.minute) != (6, 0)), None)
    expect(late is None, f"A report was asked for at {late:%H:%M} UTC; expected 06:00." if late else "")
    idle = next((when for when in sent if when.weekday() > 4), None)
    expect(idle is None, f"A report was asked for on a {idle:%A}." if idle else "")
    expect(len(sent) == 5, f"A week brought {len(sent)} reports; expected one for each working day.")
