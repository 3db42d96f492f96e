"""What Lambda looks at before it takes a queue or stream as a source (Lambda guide, services-sqs-configure, fact S-08)."""

from __future__ import annotations

from sandbox.errors import AwsError
from sandbox.functions import refusals
from sandbox.functions.function import FunctionVersion
from sandbox.triggers.source import Sources

_NO_QUEUE = (
    "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
    "SQS Error Message: The specified queue does not exist."
)


def check_source(sources: Sources, arn: str, version: FunctionVersion) -> None:
    """Raises AwsError; sources of other kinds are taken as they are."""
    service = arn.split(":", 5)[2] if arn else ""
    if service == "sqs":
        visibility_s = sources.visibility_s(arn)
        if visibility_s is None:
            raise refusals.invalid(_NO_QUEUE)
        if visibility_s < version.timeout_s:
            raise refusals.invalid(
                f"Queue visibility timeout: {visibility_s} seconds is less than Function timeout: {version.timeout_s} seconds"
            )
    elif service in ("dynamodb", "kinesis") and not sources.has_stream(arn):
        raise _no_stream(arn)


def _no_stream(arn: str) -> AwsError:
    return refusals.invalid(f"Stream not found: {arn}")
