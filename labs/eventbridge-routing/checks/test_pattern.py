"""The rule takes what billing wants, and nothing else."""

import json

from autograder.checks.expect import expect

WANTED = {
    "check-100": ({"cents": 10_000}, "costs exactly 100 euros"),
    "check-app": ({"source": "shop.app"}, "comes from shop.app"),
    "check-new": ({"source": "shop.kiosk"}, "comes from shop.kiosk, a part of the shop that was added later"),
    "check-more": ({"coupon": "SPRING"}, "has a field more than you know"),
}
NOT_WANTED = {
    "check-99": ({"cents": 9_999}, "costs less than 100 euros"),
    "check-swiss": ({"country": "CH"}, "is from Switzerland"),
    "check-test": ({"test": False}, "has the field test"),
    "check-foreign": ({"source": "warehouse.web"}, "does not come from the shop"),
    "check-cancelled": ({"kind": "OrderCancelled"}, "is no OrderPlaced"),
}


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


def _order(message):
    body = json.loads(message["Body"])
    return body.get("order") or body["detail"]["order"]


def test_billing_gets_what_it_wants_and_nothing_else(aws, lab, session):
    _got(aws, lab, "billing_queue")
    for order, (given, _) in (WANTED | NOT_WANTED).items():
        _put(aws, lab, order, **given)
    session.wait(5)
    came = {_order(message) for message in _got(aws, lab, "billing_queue")}
    for order, (_, what) in WANTED.items():
        expect(order in came, f"An event that {what} does not reach billing.")
    for order, (_, what) in NOT_WANTED.items():
        expect(order not in came, f"An event that {what} reaches billing.")
