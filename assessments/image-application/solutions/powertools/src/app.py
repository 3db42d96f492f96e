"""Called by S3 for every upload, with Powertools for logs, metrics, traces and idempotency; what fails is a dead letter."""

import json
import os
from urllib.parse import unquote_plus

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import S3Event, event_source
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from pictures import NotAnImage, Pictures, Sizes


def required(name, kind=str):
    """A variable of the environment; the init ends here when it is missing or malformed."""
    try:
        value = kind(os.environ[name])
    except KeyError:
        raise RuntimeError(f"the environment variable {name} is missing") from None
    except ValueError:
        raise RuntimeError(f"the environment variable {name} is no {kind.__name__}: {os.environ[name]!r}") from None
    if not value:
        raise RuntimeError(f"the environment variable {name} is empty")
    return value


INCOMING = required("INCOMING_PREFIX")
OUTPUTS = {"thumbnail": (required("THUMBNAIL_PREFIX"), ".webp"), "preview": (required("PREVIEW_PREFIX"), ".jpg")}
RESULT_BUCKET = required("RESULT_BUCKET")
TOPIC_ARN = required("TOPIC_ARN")
FAILURE_QUEUE_URL = required("FAILURE_QUEUE_URL")
SIZES = Sizes(
    thumbnail=required("THUMBNAIL_SIDE", int),
    preview=required("PREVIEW_SIDE", int),
    object_bytes=required("BYTES_MAX", int),
    pixels=required("PIXELS_MAX", int),
)

WEEK_S = 7 * 86_400
logger = Logger(service="images")
metrics = Metrics(namespace=required("METRIC_NAMESPACE"), service="images")
tracer = Tracer(service="images", auto_patch=False)
once = DynamoDBPersistenceLayer(table_name=required("IDEMPOTENCY_TABLE"))
version_of_object = IdempotencyConfig(event_key_jmespath="[bucket, key, version, etag, sequencer]", expires_after_seconds=WEEK_S)
s3 = boto3.client("s3")
sns = boto3.client("sns")
sqs = boto3.client("sqs")


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@event_source(data_class=S3Event)
def handler(event: S3Event, context):
    version_of_object.register_lambda_context(context)
    if event.get("Event") == "s3:TestEvent":
        return
    failed = []
    for record in event.records:
        item = record.s3.get_object
        upload = {
            "bucket": record.s3.bucket.name,
            "key": unquote_plus(item.key),
            "version": item.version_id or "",
            "etag": item.etag,
            "sequencer": item.sequencer,
        }
        logger.append_keys(object_key=upload["key"])
        try:
            process(upload=upload)
        except Exception as error:
            logger.exception("the image failed")
            metrics.add_metric("ImagesFailed", MetricUnit.Count, 1)
            failed.append(error)
    if failed:
        raise failed[0]


@idempotent_function(data_keyword_argument="upload", persistence_store=once, config=version_of_object)
def process(*, upload):
    """Not run again for a version of an object that was dealt with; an exception leaves nothing behind, so a retry runs."""
    try:
        pictures = read(upload)
    except NotAnImage:
        logger.exception("this is no image")
        metrics.add_metric("ImagesFailed", MetricUnit.Count, 1)
        sqs.send_message(QueueUrl=FAILURE_QUEUE_URL, MessageBody=json.dumps({"source": source_of(upload)}))
        return {"set_aside": upload["key"]}
    outputs = write(upload["key"], pictures)
    message = {"source": source_of(upload), "outputs": list(outputs), "width": pictures.width, "height": pictures.height}
    status = {"status": {"DataType": "String", "StringValue": "processed"}}
    sns.publish(TopicArn=TOPIC_ARN, Message=json.dumps(message), MessageAttributes=status)
    metrics.add_metric("ImagesProcessed", MetricUnit.Count, 1)
    logger.info("processed")
    return {"outputs": outputs}


@tracer.capture_method(capture_response=False)
def read(upload):
    answer = s3.get_object(Bucket=upload["bucket"], Key=upload["key"])
    return Pictures.of(answer["Body"], answer["ContentLength"], SIZES)


@tracer.capture_method(capture_response=False)
def write(key, pictures):
    stem = stem_of(key.removeprefix(INCOMING))
    written = []
    for name, (prefix, suffix) in OUTPUTS.items():
        s3.put_object(Bucket=RESULT_BUCKET, Key=f"{prefix}{stem}{suffix}", Body=getattr(pictures, name))
        written.append(f"{prefix}{stem}{suffix}")
    return written


def source_of(upload):
    return {"bucket": upload["bucket"], "key": upload["key"]}


def stem_of(name):
    folder, slash, last = name.rpartition("/")
    head, dot, _ = last.rpartition(".")
    return folder + slash + (head if dot and head else last)
