"""The queue itself gives up after some tries, and the given-up batch lies in the second queue."""

import json

from autograder.checks.expect import expect


def test_the_queue_gives_up_neither_at_once_nor_never(aws, lab):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("queue"))["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    configuration = aws("lambda").get_function_configuration(FunctionName=lab.name("function"))
    policy = json.loads(attributes.get("RedrivePolicy", "{}"))
    expect(
        policy or not configuration.get("DeadLetterConfig"),
        "The function has a dead-letter queue, which never sees what Lambda reads from a queue: the queue itself gives up.",
    )
    target, tries = policy.get("deadLetterTargetArn", ""), int(policy.get("maxReceiveCount", 0))
    expect(target.endswith(f":{lab.name('dead')}"), f"The queue's dead letters go to {target or 'no queue'}.")
    expect(
        tries >= 5, f"The queue gives up after {tries}, fewer than 5 receives: one bad minute of a table would kill good work."
    )


def test_the_bad_batch_was_given_up(aws, lab):
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("dead"))["QueueUrl"]
    seen = set()
    for _ in range(5):
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
        seen |= {json.loads(message["Body"]).get("parcel", "another message") for message in messages}
    expect("P-bad" in seen, f"P-bad still waits for its next try; the dead letters are {sorted(seen) or 'none'}.")
