"""SQS. Batch operations are authorized as the single action (SQS developer guide, "Amazon SQS API permissions")."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from sandbox.iam.operations.request import Request, Rules, everything, given, table
from sandbox.iam.verdict import Check


def queue_arn(request: Request) -> str:
    """From ``https://host/123456789012/name`` (or ``…/queue/region/123456789012/name``): the last two parts of the path."""
    parts = [part for part in urlsplit(request.text("QueueUrl")).path.split("/") if part]
    if len(parts) < 2:
        return request.arn(parts[-1] if parts else "")
    return request.arn(parts[-1], account=parts[-2])


def _by_name(request: Request) -> str:
    return request.arn(request.text("QueueName"), account=request.text("QueueOwnerAWSAccountId") or None)


def _batch(request: Request) -> Iterable[Check]:
    return [request.check(request.operation.removesuffix("Batch"), queue_arn(request))]


def _task(request: Request) -> str:
    """A task handle is base64 of a JSON object that names the source queue."""
    try:
        handle = json.loads(base64.b64decode(request.text("TaskHandle"), validate=True))
        return str(handle["sourceArn"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        return "*"


RULES: Rules = {
    **table(
        {
            queue_arn: (
                "AddPermission ChangeMessageVisibility DeleteMessage DeleteQueue GetQueueAttributes ListDeadLetterSourceQueues "
                "ListQueueTags PurgeQueue ReceiveMessage RemovePermission SendMessage SetQueueAttributes TagQueue UntagQueue"
            ),
            _by_name: "CreateQueue GetQueueUrl",
            given("SourceArn"): "ListMessageMoveTasks StartMessageMoveTask",
            _task: "CancelMessageMoveTask",
            everything: "ListQueues",
        }
    ),
    "SendMessageBatch": _batch,
    "DeleteMessageBatch": _batch,
    "ChangeMessageVisibilityBatch": _batch,
}
