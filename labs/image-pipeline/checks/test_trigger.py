"""An upload becomes a thumbnail, an item and a message, and only this bucket of this account may call."""

import json
import struct
import zlib

from autograder.checks.expect import expect


def _picture(width=100, height=50):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((10, 200, 30)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_an_upload_goes_all_the_way(aws, lab, session):
    account = aws("sts").get_caller_identity()["Account"]
    s3 = aws("s3")
    s3.put_object(Bucket=f"photos-in-{account}", Key="check/green.png", Body=_picture())
    session.wait(10)
    keys = [row["Key"] for row in s3.list_objects_v2(Bucket=f"photos-out-{account}").get("Contents", [])]
    expect("thumbs/check/green.png" in keys, f"No thumbnail of check/green.png came; the second bucket holds {keys}.")
    thumbnail = s3.get_object(Bucket=f"photos-out-{account}", Key="thumbs/check/green.png")["Body"].read()
    width, height = struct.unpack(">II", thumbnail[16:24])
    expect(0 < width <= 64 and 0 < height <= 64, f"The thumbnail measures {width} by {height}; 64 by 64 is the most.")
    item = aws("dynamodb").get_item(TableName=lab.name("table"), Key={"key": {"S": "check/green.png"}}).get("Item")
    expect(item, "The table holds no item for check/green.png.")
    sqs = aws("sqs")
    inbox = sqs.get_queue_url(QueueName=lab.name("inbox"))["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=inbox, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
    told = [json.loads(json.loads(message["Body"])["Message"])["key"] for message in messages]
    expect("check/green.png" in told, f"The topic's listener heard of {told}, not of check/green.png.")


def test_only_this_bucket_of_this_account_may_call(aws, lab):
    account = aws("sts").get_caller_identity()["Account"]
    policy = json.loads(aws("lambda").get_policy(FunctionName=lab.name("function"))["Policy"])
    for statement in policy["Statement"]:
        if statement["Principal"] == {"Service": "s3.amazonaws.com"}:
            values = [value for test in statement.get("Condition", {}).values() for value in test.values()]
            expect(f"arn:aws:s3:::photos-in-{account}" in values, "The permission does not name the bucket: add SourceArn.")
            expect(
                account in values, "The permission does not name the account: bucket names have none in them. Add SourceAccount."
            )
