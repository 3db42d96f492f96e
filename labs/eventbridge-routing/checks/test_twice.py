"""One order, one parcel: a delivery that comes twice, and an event that is sent twice."""

import json
import secrets

from autograder.checks.expect import expect


def _put(aws, lab, order, *, cents=25_000, country="DE", source="shop.web", kind="OrderPlaced", **more):
    detail = {"order": order, "cents": cents, "country": country, **more}
    entry = {"EventBusName": lab.name("bus"), "Source": source, "DetailType": kind, "Detail": json.dumps(detail)}
    aws("events").put_events(Entries=[entry])


def _got(aws, lab, key):
    """The messages of a queue, which is empty afterwards."""
    sqs, found = aws("sqs"), []
    url = sqs.get_queue_url(QueueName=lab.name(key))["QueueUrl"]
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages"):
        found += batch
        for message in batch:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _parcels(aws, lab, order):
    item = aws("dynamodb").get_item(TableName=lab.name("parcels"), Key={"order": {"S": order}}, ConsistentRead=True).get("Item")
    return int(item["parcels"]["N"]) if item else 0


def test_one_order_is_one_parcel(aws, lab, session):
    copies, again, other = (f"check-{secrets.token_hex(4)}" for _ in range(3))  # a check may be run again
    with session.broken(kind="delivery", source="eventbridge", duplicates=1):
        _put(aws, lab, copies)
        session.wait(10)
    sent = _parcels(aws, lab, copies)
    expect(sent == 1, f"One event was delivered twice, and {sent} parcels were sent for its order.")
    for _ in range(2):
        _put(aws, lab, again)
        session.wait(10)
    sent = _parcels(aws, lab, again)
    expect(sent == 1, f"The shop sent the same order again, as a new event, and {sent} parcels were sent for it.")
    _put(aws, lab, other)
    session.wait(10)
    expect(_parcels(aws, lab, other) == 1, "An order that is new gets no parcel.")
