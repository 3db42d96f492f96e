"""Both refunds lie in the queue, with the reason, and somebody has looked at them."""

import json

from autograder.checks.expect import expect


def test_the_lost_orders_lie_in_the_queue_with_their_reason(aws, lab):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    messages = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        AttributeNames=["ApproximateReceiveCount"],
        MessageAttributeNames=["All"],
    ).get("Messages", [])
    orders = sorted(json.loads(message["Body"])["order"] for message in messages)
    expect(
        {"B-8", "B-9"} <= set(orders),
        f"The queue holds {orders or 'nothing'}; expected B-8 and B-9. A message comes after the last attempt.",
    )
    for message in messages:
        reason = message.get("MessageAttributes", {}).get("ErrorMessage", {}).get("StringValue", "")
        expect("negative amount" in reason, f"A message says {reason!r}; the worker of this step refuses negative amounts.")
        looked = int(message["Attributes"]["ApproximateReceiveCount"]) > 1
        expect(looked, "Nobody has read the queue yet: receive the messages and look at their attributes.")
