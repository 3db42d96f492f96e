"""Billing gets a document of its own, made of the event."""

import json

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


def test_billing_gets_its_document(aws, lab, session):
    _got(aws, lab, "billing_queue")
    _put(aws, lab, 'check-"quoted"', cents=12_345, country="FR", customer="eve@example.com")
    session.wait(5)
    found = _got(aws, lab, "billing_queue")
    expect(found, "An event that billing wants does not arrive any more.")
    try:
        body = json.loads(found[0]["Body"])
    except ValueError:
        body = None
    expect(isinstance(body, dict), f"Billing got a text that is no JSON: {found[0]['Body']}")
    expect("eve@example.com" not in found[0]["Body"], "Billing gets the customer's address, which it does not need.")
    wanted = {"order": 'check-"quoted"', "cents": 12_345, "note": 'check-"quoted" from FR'}
    expect(body == wanted, f"Billing got {json.dumps(body)}; expected {json.dumps(wanted)}.")
