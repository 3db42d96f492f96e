"""What is no picture ends in the failures queue after more than one try, with its event and the reason."""

import json

from autograder.checks.expect import expect


def test_a_file_that_is_no_picture_is_kept_with_its_reason(aws, lab, session):
    account = aws("sts").get_caller_identity()["Account"]
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=lab.name("failures"))["QueueUrl"]
    aws("s3").put_object(Bucket=f"photos-in-{account}", Key="check/broken.png", Body=b"no picture at all")
    session.wait(400)
    kept = {}
    for _ in range(5):
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=60).get("Messages", []):
            record = json.loads(message["Body"])
            expect(
                "requestContext" in record,
                "The queue got the bare event: use an on-failure destination, which tells the reason too.",
            )
            kept[record["requestPayload"]["Records"][0]["s3"]["object"]["key"]] = record
    expect(
        "check/broken.png" in kept, f"check/broken.png did not reach the failures queue, which holds {sorted(kept) or 'nothing'}."
    )
    record = kept["check/broken.png"]
    tries = record["requestContext"]["approximateInvokeCount"]
    expect(
        tries > 1,
        "check/broken.png was given up on after one try, and so is a good picture when S3 has a bad minute: nobody tried again. "
        "MaximumRetryAttempts says how often Lambda does.",
    )
    condition = record["requestContext"]["condition"]
    expect(condition == "RetriesExhausted", f"The record says {condition}.")
    expect(record["responsePayload"]["errorType"] == "ValueError", f"The record says {record['responsePayload']}.")
