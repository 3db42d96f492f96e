"""What Lambda asks of a function's role when it is configured, not only when it runs.

The texts are AWS's, as users report them from CreateFunction, UpdateFunctionConfiguration, PutFunctionEventInvokeConfig and
CreateEventSourceMapping. Only the role's own policies are asked, as AWS does; a grant in the resource's policy alone is not seen.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.errors import AwsError
from sandbox.functions import refusals
from sandbox.functions.function import FunctionVersion

RoleMay = Callable[[str, str, str], bool]
"""Role ARN, action, resource ARN: whether the role's policies allow it."""

_SEND = {"sqs": "SendMessage", "sns": "Publish", "lambda": "InvokeFunction", "events": "PutEvents", "s3": "PutObject"}
_NETWORK = ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface")
_POLL = {
    "sqs": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
    "kinesis": ("GetRecords", "GetShardIterator", "DescribeStream"),
    "dynamodb": ("GetRecords", "GetShardIterator", "DescribeStream"),
}
_STREAM_ACTIONS = {
    "kinesis": "GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams",
    "dynamodb": "GetRecords, GetShardIterator, DescribeStream, and ListStreams",
}


def anything(_role: str, _action: str, _resource: str) -> bool:
    """For a world without roles."""
    return True


def check_configuration(version: FunctionVersion, may: RoleMay) -> None:
    """The dead-letter target and, in a VPC, the network interfaces."""
    if version.dead_letter_arn:
        service = version.dead_letter_arn.split(":", 5)[2]
        if not may(version.role, f"{service}:{_SEND[service]}", version.dead_letter_arn):
            raise _provided(_SEND[service], service.upper())
    if version.vpc and version.vpc.get("SubnetIds"):
        for action in _NETWORK:
            if not may(version.role, f"ec2:{action}", "*"):
                raise _provided(action, "EC2")


def check_destination(version: FunctionVersion, arn: str, may: RoleMay) -> None:
    service = arn.split(":", 5)[2]
    resource = f"{arn}/*" if service == "s3" else arn
    if not may(version.role, f"{service}:{_SEND[service]}", resource):
        raise refusals.invalid(f"The function's execution role does not have permissions to call {_SEND[service]} on {arn}")


def check_source(version: FunctionVersion, arn: str, may: RoleMay) -> None:
    """Only queues and streams; other kinds of source are stored unchecked."""
    service = arn.split(":", 5)[2] if arn else ""
    for action in _POLL.get(service, ()):
        if may(version.role, f"{service}:{action}", arn):
            continue
        if service == "sqs":
            raise refusals.invalid(f"The function execution role does not have permissions to call {action} on SQS")
        raise refusals.invalid(
            f"Cannot access stream {arn}. Please ensure the role can perform the {_STREAM_ACTIONS[service]} "
            "Actions on your stream in IAM."
        )


def _provided(action: str, service: str) -> AwsError:
    return refusals.invalid(f"The provided execution role does not have permissions to call {action} on {service}")
