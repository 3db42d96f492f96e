"""Shipping gets the events of its rule; what it refuses is in the dead-letter queue, at once."""

import json
import secrets

from botocore.exceptions import ClientError

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


def test_eventbridge_is_let_in_for_this_rule(aws, lab, session):
    order = f"check-{secrets.token_hex(4)}"  # a check may be run again
    _put(aws, lab, order)
    session.wait(10)
    expect(_parcels(aws, lab, order), "An order was placed, and no parcel was sent: may EventBridge invoke the function?")
    try:
        policy = json.loads(aws("lambda").get_policy(FunctionName=lab.name("shipping"))["Policy"])
    except ClientError:
        policy = {"Statement": []}
    rule = aws("events").describe_rule(Name=lab.name("shipping_rule"), EventBusName=lab.name("bus"))["Arn"]
    for row in policy["Statement"]:
        expect(
            rule in json.dumps(row.get("Condition", {})),
            "The function's permission does not name the rule: every rule of every account may invoke it.",
        )


def test_what_is_refused_is_kept(aws, lab, session):
    _got(aws, lab, "letters")
    refused = {"code": "AccessDeniedException", "status": 403}
    with session.broken(service="lambda", operation="Invoke", resource=f"*{lab.name('shipping')}*", error=refused) as broken:
        if not broken:
            return
        _put(aws, lab, "check-refused")
        session.wait(10)
    orders = [json.loads(message["Body"])["detail"]["order"] for message in _got(aws, lab, "letters")]
    expect(
        orders == ["check-refused"],
        "The function refused an event, and it is in no queue: the target needs a dead-letter queue, and that queue a policy "
        "that lets this rule in.",
    )
