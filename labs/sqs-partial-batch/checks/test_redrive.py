"""The good parcels of the dead-letter queue have their label; what is really wrong lies there again."""

import json

from autograder.checks.expect import expect


def test_what_can_be_done_is_done_and_the_rest_is_kept(aws, lab):
    items = aws("dynamodb").scan(TableName=lab.name("table"), ConsistentRead=True)["Items"]
    done = {item["parcel"]["S"] for item in items}
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("dead"))["QueueUrl"]
    dead = set()
    for _ in range(5):
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
        dead |= {json.loads(message["Body"]).get("parcel", "(no name)") for message in messages}
    good = [f"P-{n}" for n in range(1, 10)]
    lost = [name for name in good if name not in done | dead]
    expect(not lost, f"{lost[0] if lost else ''} has no label and is no dead letter any more: it is lost, or on its way.")
    left = [name for name in good if name in dead]
    expect(not left, f"{', '.join(left)} are dead letters still: move them back to the queue they came from.")
    expect("P-bad" in dead, "P-bad is among the dead letters no more: has enough time passed for its five tries?")
