"""A short outage heals by itself; after an hour an order is in the dead-letter queue."""

import json
import secrets

from autograder.checks.expect import expect
from autograder.plain import fact_words


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


def test_a_late_order_is_given_up_after_an_hour_and_not_before(aws, lab, session):
    short, long = (f"check-{secrets.token_hex(4)}" for _ in range(2))  # a check may be run again
    _got(aws, lab, "letters")
    busy = {"code": "TooManyRequestsException", "status": 429}
    with session.broken(service="lambda", operation="Invoke", resource=f"*{lab.name('shipping')}*", error=busy) as broken:
        if not broken:
            return
        _put(aws, lab, short)
        session.wait(20 * 60)
    session.wait(20 * 60)
    expect(
        _parcels(aws, lab, short),
        "Shipping was away for twenty minutes, and an order of that time was given up: leave the tries, and bound the age.",
    )
    with session.broken(service="lambda", operation="Invoke", resource=f"*{lab.name('shipping')}*", error=busy):
        _put(aws, lab, long)
        session.wait(2 * 3600)
    found = {json.loads(message["Body"])["detail"]["order"]: message for message in _got(aws, lab, "letters")}
    expect(
        long in found,
        "Shipping was away for all that time, and an order of that time is in no queue: it is still being tried, for "
        f"{fact_words('I-12', '24 h')} if nobody says otherwise.",
    )
