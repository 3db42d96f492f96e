"""SQS."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import Api, Steps, Work, kind

_ATTRIBUTES = (
    "DelaySeconds VisibilityTimeout MessageRetentionPeriod MaximumMessageSize ReceiveMessageWaitTimeSeconds RedrivePolicy "
    "RedriveAllowPolicy KmsMasterKeyId KmsDataKeyReusePeriodSeconds SqsManagedSseEnabled ContentBasedDeduplication "
    "DeduplicationScope FifoThroughputLimit"
)
_DEFAULTS = {
    "DelaySeconds": "0",
    "VisibilityTimeout": "30",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedrivePolicy": "",
}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _create_queue(work: Work) -> Steps:
    fifo = work.get("FifoQueue") in (True, "true")
    name = work.name("QueueName", 80, suffix=".fifo" if fifo and not work.get("QueueName") else "")
    given = {key: _text(value) for key, value in work.pick(*_ATTRIBUTES.split()).items()} | (
        {"FifoQueue": "true"} if fifo else {}
    )
    tags = {"tags": work.all_tags()} if work.all_tags() else {}
    answer = yield Api("sqs", "CreateQueue", {"QueueName": name, "Attributes": given, **tags})
    work.physical_id = answer["QueueUrl"]
    work.only(Arn=work.arn("sqs", name), QueueName=name, QueueUrl=answer["QueueUrl"])


def _update_queue(work: Work) -> Steps:
    changed = {name: _text(work.get(name, _DEFAULTS.get(name, ""))) for name in _ATTRIBUTES.split() if work.changed(name)}
    if changed:
        yield Api("sqs", "SetQueueAttributes", {"QueueUrl": work.physical_id, "Attributes": changed})
    if work.changed("Tags") and work.all_tags():
        yield Api("sqs", "TagQueue", {"QueueUrl": work.physical_id, "Tags": work.all_tags()})


def _delete_queue(work: Work) -> Steps:
    yield Api("sqs", "DeleteQueue", {"QueueUrl": work.physical_id})


def _read_queue(work: Work) -> Steps:
    answer = yield Api("sqs", "GetQueueAttributes", {"QueueUrl": work.physical_id, "AttributeNames": ["All"]})
    held = answer.get("Attributes") or {}
    shown = {name: held.get(name) for name in _ATTRIBUTES.split()}
    for name in ("RedrivePolicy", "RedriveAllowPolicy"):
        shown[name] = json.loads(held[name]) if held.get(name) else None
    work.attributes["drift"] = shown


def _put_policy(work: Work) -> Steps:
    policy = _text(work.properties["PolicyDocument"])
    had, has = work.old.get("Queues") or [], work.properties["Queues"]
    for url in has:
        yield Api("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": policy}})
    for url in [url for url in had if url not in has]:
        yield Api("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": ""}})
    work.physical_id = work.physical_id or work.name("")


def _delete_policy(work: Work) -> Steps:
    for url in work.properties["Queues"]:
        yield Api("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": ""}})


kind(
    "AWS::SQS::Queue", _create_queue, _delete_queue, _update_queue, read=_read_queue,
    props=f"{_ATTRIBUTES} Tags", fixed="QueueName FifoQueue",
)  # fmt: skip
kind("AWS::SQS::QueuePolicy", _put_policy, _delete_policy, _put_policy, required="PolicyDocument Queues")
