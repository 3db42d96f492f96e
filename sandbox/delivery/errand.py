"""One API call that AWS makes by itself: a service delivering an event, or Lambda acting in a function's role.

The room states what it needs (``Messenger``); the front door carries errands out by the rules of the one gate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.arn import Arn
from sandbox.errors import AwsError
from sandbox.iam.principal import Principal, service

Outcome = Mapping[str, Any] | AwsError
Done = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Errand:
    """``account_id`` and ``region`` are those of the resource that is called; ``context`` are condition keys such as
    ``aws:SourceArn``; ``params`` have botocore's shape (Invoke's ``Payload`` is bytes); ``source`` names the trigger.
    """

    principal: Principal
    service: str
    operation: str
    params: Mapping[str, Any]
    account_id: str
    region: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)
    source: str = "service"
    cause: int = 0
    trace: str = ""  # header of the call that led here


class Messenger(Protocol):
    """``done`` is called once, with the result in botocore's output shape or the error; perhaps before ``send`` returns."""

    def send(self, errand: Errand, done: Done) -> None: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, for which source, and because of what: everything an errand has besides the call."""

    principal: Principal
    source: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)
    cause: int = 0
    trace: str = ""

    def to_queue(self, arn: str, body: str, **more: Any) -> Errand:
        """``more`` are further members of SendMessage (``MessageAttributes``, ``MessageGroupId`` …)."""
        params = {"QueueUrl": queue_url(Arn.parse(arn)), "MessageBody": body, **more}
        if self.trace:
            params["MessageSystemAttributes"] = {"AWSTraceHeader": {"DataType": "String", "StringValue": self.trace}}
        return self._call(arn, "sqs", "SendMessage", params)

    def to_topic(self, arn: str, message: str, **more: Any) -> Errand:
        return self._call(arn, "sns", "Publish", {"TopicArn": arn, "Message": message, **more})

    def to_function(self, arn: str, payload: bytes, invocation_type: str = "Event") -> Errand:
        return self._call(arn, "lambda", "Invoke", {"FunctionName": arn, "InvocationType": invocation_type, "Payload": payload})

    def to_bus(self, arn: str, entry: Mapping[str, Any]) -> Errand:
        return self._call(arn, "events", "PutEvents", {"Entries": [{"EventBusName": arn, **entry}]})

    def to_bucket(self, bucket: str, key: str, body: bytes, account_id: str, region: str) -> Errand:
        params = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": "application/json"}
        return Errand(self.principal, "s3", "PutObject", params, account_id, region, self.context, self.source, self.cause)

    def _call(self, arn: str, service_name: str, operation: str, params: Mapping[str, Any]) -> Errand:
        where = Arn.parse(arn)
        place = (where.account, where.region)
        return Errand(self.principal, service_name, operation, params, *place, self.context, self.source, self.cause, self.trace)


def as_service(name: str, source_arn: str, source_account: str, source: str, cause: int = 0, trace: str = "") -> Sender:
    """A service delivering for a resource: the confused-deputy keys say for which one (IAM guide, "confused deputy")."""
    context = {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account}
    return Sender(service(name, source_account), source, context, cause, trace)


def in_role(role_arn: str, session: str, source: str, cause: int = 0, source_function_arn: str = "") -> Sender:
    """A service that has assumed a role."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    arn = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    principal = Principal("role", account, arn, role_arn=role_arn, session_name=session, source_function_arn=source_function_arn)
    return Sender(principal, source, {}, cause)


def queue_url(arn: Arn) -> str:
    return f"https://sqs.{arn.region}.amazonaws.com/{arn.account}/{arn.resource}"


def compact(document: Any) -> str:
    """JSON as AWS's services write it into messages: no blanks, text unescaped."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
