"""Takes S3's events out of a queue, a message for each, and reports the messages that failed: only they come again."""

import json
import os
import time
import traceback
from urllib.parse import unquote_plus

import boto3
from botocore.exceptions import ClientError
from render import Broken, render


def env(name, convert=str):
    raw = os.environ.get(name)
    if not raw:
        raise KeyError(f"{name} is not set")
    try:
        return convert(raw)
    except ValueError as error:
        raise ValueError(f"{name} is {raw!r}: {error}") from error


CONFIG = {
    "incoming": env("INCOMING"),
    "thumbnails": env("THUMBNAILS"),
    "previews": env("PREVIEWS"),
    "results": env("RESULTS"),
    "topic": env("TOPIC"),
    "seen": env("SEEN"),
    "namespace": env("NAMESPACE"),
    "attempts": env("ATTEMPTS", int),
    "thumbnail_px": env("THUMBNAIL_PX", int),
    "preview_px": env("PREVIEW_PX", int),
    "bytes_max": env("BYTES_MAX", int),
    "pixels_max": env("PIXELS_MAX", int),
}
s3, sns, dynamodb = boto3.client("s3"), boto3.client("sns"), boto3.client("dynamodb")


def handler(event, context):
    """A message that fails is told by its id; after the last attempt SQS moves it to the failure queue as it is."""
    failures = []
    for message in event["Records"]:
        last = int(message["attributes"]["ApproximateReceiveCount"]) >= CONFIG["attempts"]
        body = json.loads(message["body"])
        if body.get("Event") == "s3:TestEvent":
            continue
        done = [dealt_with(record, context, last=last) for record in body["Records"]]
        if not all(done):
            failures.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failures}


def dealt_with(record, context, *, last):
    """False when the record has to come again."""
    upload = (record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))
    mark = {"id": {"S": "/".join([*upload, record["s3"]["object"]["eTag"], record["s3"]["object"]["sequencer"]])}}
    try:
        if seen(mark):
            say("INFO", "seen before", upload, context)
            return True
        message = shrink(*upload)
        if first_to_tell(mark):
            tell(mark, message)
        say("INFO", "processed", upload, context, **metric("ImagesProcessed"))
    except Exception as error:
        counted = metric("ImagesFailed") if last or isinstance(error, Broken) else {}
        trace = traceback.format_exc(limit=3)
        say("ERROR", str(error), upload, context, exception=type(error).__name__, trace=trace, **counted)
        return False
    return True


def shrink(bucket, key):
    found = s3.get_object(Bucket=bucket, Key=key)
    if found["ContentLength"] > CONFIG["bytes_max"]:
        raise Broken(f"{found['ContentLength']} bytes")
    width, height, thumbnail, preview = render(found["Body"].read(), CONFIG)
    name = stem(key[len(CONFIG["incoming"]) :])
    outputs = {CONFIG["thumbnails"] + name + ".webp": thumbnail, CONFIG["previews"] + name + ".jpg": preview}
    for output, data in outputs.items():
        s3.put_object(Bucket=CONFIG["results"], Key=output, Body=data)
    return {"source": {"bucket": bucket, "key": key}, "outputs": list(outputs), "width": width, "height": height}


def stem(name):
    folders, _, last = name.rpartition("/")
    if "." in last[1:]:
        last = last[: last.rindex(".")]
    return f"{folders}/{last}" if folders else last


def seen(mark):
    return "Item" in dynamodb.get_item(TableName=CONFIG["seen"], Key=mark, ConsistentRead=True)


def first_to_tell(mark):
    """Two deliveries at the same time both shrink, which does no harm; one of them tells."""
    item = mark | {"expires": {"N": str(int(time.time()) + 14 * 86_400)}}
    try:
        dynamodb.put_item(TableName=CONFIG["seen"], Item=item, ConditionExpression="attribute_not_exists(id)")
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def tell(mark, message):
    """What could not be told must be told by the next attempt."""
    status = {"status": {"DataType": "String", "StringValue": "processed"}}
    try:
        sns.publish(TopicArn=CONFIG["topic"], Message=json.dumps(message), MessageAttributes=status)
    except Exception:
        dynamodb.delete_item(TableName=CONFIG["seen"], Key=mark)
        raise


def say(level, message, upload, context, **more):
    line = {"level": level, "message": message, "request_id": context.aws_request_id, "bucket": upload[0], "key": upload[1]}
    print(json.dumps(line | more))


def metric(name):
    """Members that make a log line a metric (embedded metric format)."""
    entry = {"Namespace": CONFIG["namespace"], "Dimensions": [[]], "Metrics": [{"Name": name, "Unit": "Count"}]}
    return {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [entry]}, name: 1}
