"""Called by S3 for every upload: two smaller images, one notification; what is no image is set aside."""

import json
import logging
import time
from urllib.parse import unquote_plus

import boto3
from claims import Claims, InProgress
from images import NotAnImage, shrink
from settings import Settings

settings = Settings.from_environment()
log = logging.getLogger()
log.setLevel(logging.INFO)
s3 = boto3.client("s3")
sns = boto3.client("sns")
sqs = boto3.client("sqs")
claims = Claims(boto3.client("dynamodb"), settings.claims_table)


def handler(event, context):
    """Every record is tried; only then does an error of AWS fail the invocation, so that Lambda tries again."""
    if event.get("Event") == "s3:TestEvent":
        return
    broken = None
    for record in event["Records"]:
        try:
            process(record, context.aws_request_id)
        except InProgress as error:
            log.info("another delivery is at work", extra={"object_key": key_of(record)})
            broken = error
        except Exception as error:
            failed(record, error)
            broken = error
    if broken is not None:
        raise broken


def process(record, request_id):
    """Nothing when this version of the object was dealt with before."""
    with claims.claim(claim_id(record), request_id) as claim:
        if claim.done:
            log.info("seen before", extra={"object_key": key_of(record)})
            return
        try:
            notification = shrink_object(record)
        except NotAnImage as error:
            failed(record, error)
            sqs.send_message(
                QueueUrl=settings.failure_queue_url, MessageBody=json.dumps({"Records": [record], "error": str(error)})
            )
            return
        attributes = {"status": {"DataType": "String", "StringValue": "processed"}}
        sns.publish(TopicArn=settings.topic_arn, Message=json.dumps(notification), MessageAttributes=attributes)
        log.info("processed", extra={"object_key": key_of(record)})
        count("ImagesProcessed")


def shrink_object(record):
    """Read, shrink, write both; both are made before either is written."""
    bucket, key = record["s3"]["bucket"]["name"], key_of(record)
    answer = s3.get_object(Bucket=bucket, Key=key)
    if answer["ContentLength"] > settings.bytes_max:
        raise NotAnImage(f"{answer['ContentLength']} bytes are too many")
    pictures = shrink(answer["Body"].read(), settings)
    stem = stem_of(key.removeprefix(settings.incoming_prefix))
    outputs = {
        "thumbnail": f"{settings.thumbnail_prefix}{stem}.webp",
        "preview": f"{settings.preview_prefix}{stem}.jpg",
    }
    bodies = {"thumbnail": (pictures.thumbnail, "image/webp"), "preview": (pictures.preview, "image/jpeg")}
    for name, (body, content_type) in bodies.items():
        s3.put_object(Bucket=settings.result_bucket, Key=outputs[name], Body=body, ContentType=content_type)
    return {
        "source": {"bucket": bucket, "key": key},
        "outputs": outputs,
        "width": pictures.width,
        "height": pictures.height,
    }


def key_of(record):
    """The key as it was uploaded: in the event it is encoded as in a form."""
    return unquote_plus(record["s3"]["object"]["key"])


def claim_id(record):
    """One version of one object; the sequencer tells two uploads of the same bytes apart."""
    item = record["s3"]["object"]
    return json.dumps([record["s3"]["bucket"]["name"], item["key"], item.get("versionId", ""), item["eTag"], item["sequencer"]])


def stem_of(name):
    """Without the suffix after the last dot of the last path element; a leading dot starts none."""
    folder, slash, last = name.rpartition("/")
    dot = last.rfind(".")
    return folder + slash + (last[:dot] if dot > 0 else last)


def failed(record, error):
    log.error(str(error), extra={"object_key": key_of(record), "exception_type": type(error).__name__})
    count("ImagesFailed")


def count(metric):
    """One value in embedded metric format."""
    definition = {"Namespace": settings.metric_namespace, "Dimensions": [[]], "Metrics": [{"Name": metric, "Unit": "Count"}]}
    print(json.dumps({"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]}, metric: 1}))
