"""What a Task calls: functions by ARN, optimised integrations, and the AWS SDK by name; parameters in, results and errors out.

Result and error shapes: localstack/localstack tests/aws/services/stepfunctions (recorded), guide "connect-lambda" and others.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.arn import Arn
from sandbox.delivery.errand import Errand, Sender
from sandbox.errors import AwsError
from sandbox.workflows.failure import Failure

Knows = Callable[[str, str], bool]
"""Whether a service (botocore's name) has an operation, or models an error."""

_OPTIMISED = {
    "lambda": ("invoke",),
    "sqs": ("sendMessage",),
    "sns": ("publish",),
    "dynamodb": ("getItem", "putItem", "updateItem", "deleteItem"),
    "events": ("putEvents",),
    "states": ("startExecution",),
}
_OWN = {
    "lambda": ("Lambda", "AWSLambda", "AWSLambdaException"),
    "dynamodb": ("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"),
    "sqs": ("SQS", "AmazonSQS", "AmazonSQSException"),
    "sns": ("SNS", "AmazonSNS", "AmazonSNSException"),
    "events": ("EventBridge", "AmazonEventBridge", "AmazonEventBridgeException"),
    "states": ("StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"),
}
_RENAMED = {"NonExistentQueue": "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist"}
_SDK_PREFIX = {
    "dynamodb": "DynamoDb", "sqs": "Sqs", "sns": "Sns", "eventbridge": "EventBridge", "lambda": "Lambda", "s3": "S3",
    "kinesis": "Kinesis", "secretsmanager": "SecretsManager", "ssm": "Ssm", "sfn": "Sfn",
}  # fmt: skip
_BOTOCORE = {"eventbridge": "events", "sfn": "stepfunctions", "states": "stepfunctions"}
_PATTERNS = ("waitForTaskToken", "sync:2", "sync")


@dataclass(frozen=True, slots=True)
class Resource:
    """``pattern`` is empty for request and response; ``function`` is the ARN of a function called directly."""

    service: str
    action: str
    pattern: str = ""
    sdk: bool = False
    function: str = ""

    @property
    def botocore(self) -> str:
        return _BOTOCORE.get(self.service, self.service)

    @property
    def operation(self) -> str:
        return self.action[:1].upper() + self.action[1:]

    @property
    def type_shown(self) -> str:
        """``resourceType`` of the history."""
        return f"aws-sdk:{self.service}" if self.sdk else self.service

    @property
    def resource_shown(self) -> str:
        return f"{self.action}.{self.pattern}" if self.pattern else self.action


def parse_resource(text: str, knows: Knows) -> Resource:
    """Raises ValueError that names what this account does not execute."""
    if ":lambda:" in text and ":function:" in text:
        return Resource("lambda", "invoke", function=text)
    if ":activity:" in text:
        raise ValueError(f"Activities are not executed by this account ({text})")
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[2] != "states" or parts[3] or parts[4]:
        raise ValueError(f"The resource provided {text} is not recognized")
    name, pattern = _split(parts[5])
    if name.startswith("aws-sdk:"):
        _, service, action = name.split(":", 2)
        found = Resource(service, action, pattern, sdk=True)
        if service not in _SDK_PREFIX or not knows(found.botocore, found.operation) or pattern.startswith("sync"):
            raise ValueError(f"The service integration {text} is not executed by this account")
        return found
    service, _, action = name.partition(":")
    if action not in _OPTIMISED.get(service, ()) or (pattern.startswith("sync") and service != "states"):
        raise ValueError(f"The service integration {text} is not executed by this account")
    if pattern == "waitForTaskToken" and service == "dynamodb":
        raise ValueError(f"The service integration {text} is not executed by this account")
    return Resource(service, action, pattern)


def errand_for(resource: Resource, params: Any, sender: Sender, machine: Arn, execution_arn: str) -> Errand:
    """The call; ``params`` are the state's after Parameters. Raises Failure for parameters that fit nothing."""
    members: dict[str, Any]
    if resource.function:
        members = {"FunctionName": resource.function, "InvocationType": "RequestResponse", "Payload": _json(params).encode()}
        return _errand(sender, resource, members, resource.function, machine)
    if not isinstance(params, dict):
        raise Failure("States.Runtime", "The parameters of a service integration must be an object.")
    members = dict(params)
    if resource.service == "lambda":
        members["Payload"] = _json(members.get("Payload", {})).encode()
    for name in ("MessageBody", "Message"):
        if name in members and not isinstance(members[name], str):
            members[name] = _json(members[name])
    if resource.botocore == "events" and resource.operation == "PutEvents":
        members["Entries"] = [_entry(row, resource, machine, execution_arn) for row in members.get("Entries") or ()]
    if resource.botocore == "stepfunctions":
        members = {f"{name[:1].lower()}{name[1:]}": value for name, value in members.items()}
        if not isinstance(members.get("input", ""), str):
            members["input"] = _json(members["input"])
    named = ("FunctionName", "TopicArn", "StateMachineArn", "stateMachineArn", "TableName")
    arn = next((str(members[name]) for name in named if str(members.get(name, "")).startswith("arn:")), "")
    return _errand(sender, resource, members, arn, machine)


def result_of(resource: Resource, outcome: Mapping[str, Any]) -> Any:
    """What the state gets. Raises Failure where the call succeeded and the work did not (a function's error)."""
    if resource.service == "lambda" and resource.operation == "Invoke":
        return _function_result(resource, outcome)
    if resource.botocore == "events" and outcome.get("FailedEntryCount") and not resource.sdk:
        raise Failure("EventBridge.FailedEntry", _json(_plain(outcome)))
    plain = _plain(outcome)
    if resource.botocore == "stepfunctions" and resource.service == "states":
        plain = {f"{name[:1].upper()}{name[1:]}": value for name, value in plain.items()}
    return plain if resource.sdk else {**plain, **_metadata("", 200)}


def failure_of(resource: Resource, error: AwsError, modelled: Knows, request_id: str) -> Failure:
    """An API's error as the States Language names it: ``DynamoDB.ConditionalCheckFailedException``; one that the service's
    model does not know has the service's own name (recorded: ``SQS.AmazonSQSException``, ``DynamoDb.DynamoDbException``).
    """
    code = _RENAMED.get(error.code, error.code.rsplit(".", 1)[-1])
    known = modelled(resource.botocore, code)
    name, message = code if code.endswith("Exception") else f"{code}Exception", error.message or error.code
    if resource.sdk:
        prefix = _SDK_PREFIX[resource.service]
        cause = f"{message} (Service: {prefix}, Status Code: {error.status}, Request ID: {request_id})"
        return Failure(f"{prefix}.{name if known else f'{prefix}Exception'}", cause)
    prefix, service, general = _OWN[resource.service]
    about = f"Service: {service}; Status Code: {error.status}; Error Code: {error.code}; Request ID: {request_id}; Proxy: null"
    return Failure(f"{prefix}.{name if known else general}", f"{message} ({about})")


def _function_result(resource: Resource, outcome: Mapping[str, Any]) -> Any:
    payload = bytes(outcome.get("Payload") or b"").decode(errors="replace")
    if outcome.get("FunctionError"):
        raise Failure(_error_type(payload), payload)
    found = _loaded(payload)
    if resource.function:
        return found
    if resource.sdk:
        shown = {name: value for name, value in outcome.items() if name not in ("Payload", "RequestId")}
        return {**_plain(shown), "Payload": payload}
    status = int(outcome.get("StatusCode", 200))
    shown = {"ExecutedVersion": outcome.get("ExecutedVersion", "$LATEST"), "Payload": found if payload else {}}
    return {**shown, **_metadata(str(outcome.get("RequestId", "")), status), "StatusCode": status}


def _error_type(payload: str) -> str:
    found = _loaded(payload)
    return str(found.get("errorType") or "Lambda.Unknown") if isinstance(found, dict) else "Lambda.Unknown"


def _metadata(request_id: str, status: int) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"x-amzn-RequestId": request_id} if request_id else {})
    every = {name: [value] for name, value in headers.items()}
    http = {"AllHttpHeaders": every, "HttpHeaders": headers, "HttpStatusCode": status}
    return {"SdkHttpMetadata": http, "SdkResponseMetadata": {"RequestId": request_id} if request_id else {}}


def _entry(row: Mapping[str, Any], resource: Resource, machine: Arn, execution_arn: str) -> dict[str, Any]:
    entry = dict(row)
    if not isinstance(entry.get("Detail", ""), str):
        entry["Detail"] = _json(entry["Detail"])
    if not resource.sdk:
        entry["Resources"] = [*(entry.get("Resources") or ()), execution_arn, str(machine)]
    return entry


def _errand(sender: Sender, resource: Resource, members: Mapping[str, Any], arn: str, machine: Arn) -> Errand:
    account, region = machine.account, machine.region
    if arn:
        where = Arn.parse(arn)
        account, region = where.account or account, where.region or region
    elif "QueueUrl" in members:
        parts = str(members["QueueUrl"]).rsplit("/", 2)
        account = parts[1] if len(parts) == 3 and parts[1].isdigit() else account
    call = (resource.botocore, resource.operation, members)
    return Errand(sender.principal, *call, account, region, {}, sender.source, sender.cause)


def _split(text: str) -> tuple[str, str]:
    for pattern in _PATTERNS:
        if text.endswith(f".{pattern}"):
            return text.removesuffix(f".{pattern}"), pattern
    return text, ""


def _loaded(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value
