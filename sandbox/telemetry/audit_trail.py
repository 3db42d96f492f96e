"""The recorded calls as CloudTrail's event history shows them: management events of the last 90 days.

Calls on data (objects, messages, items, invocations, metrics, log events, segments) are data events, which the history does not
have (CloudTrail user guide, "Data events"). Parameters and addresses of calls are not recorded here, so they are null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.telemetry.calls import Record

DAYS = 90
_READS = ("Get", "List", "Describe", "Lookup", "Head", "Filter", "Test", "Simulate", "Batch", "Search", "Query", "Scan", "Select")
_DATA: Mapping[str, re.Pattern[str]] = {
    "cloudwatch": re.compile(r"PutMetricData|GetMetric(Data|Statistics)"),
    "dynamodb": re.compile(r"\w*Item\w*|Query|Scan|\w*Statement|Transact\w+"),
    "dynamodbstreams": re.compile(r"GetRecords|GetShardIterator"),
    "events": re.compile(r"PutEvents"),
    "kinesis": re.compile(r"PutRecords?|GetRecords|GetShardIterator|SubscribeToShard"),
    "lambda": re.compile(r"Invoke\w*"),
    "logs": re.compile(r"PutLogEvents|GetLogEvents|FilterLogEvents"),
    "s3": re.compile(r"\w*Object\w*|ListParts|\w*MultipartUpload|UploadPart\w*"),
    "sns": re.compile(r"Publish\w*"),
    "sqs": re.compile(r"(Send|Receive|Delete)Message\w*|ChangeMessageVisibility\w*"),
    "stepfunctions": re.compile(r"StartSyncExecution|SendTask\w+"),
    "xray": re.compile(r"PutTraceSegments|PutTelemetryRecords|GetTrace\w+|BatchGetTraces|GetServiceGraph"),
}
_SOURCES = {
    "apigatewayv2": "apigateway",
    "cloudwatch": "monitoring",
    "dynamodbstreams": "dynamodb",
    "stepfunctions": "states",
}
_VERSIONED = {  # Lambda's event names carry the version of its API
    "CreateFunction": "20150331",
    "DeleteFunction": "20150331",
    "UpdateFunctionCode": "20150331v2",
    "UpdateFunctionConfiguration": "20150331v2",
    "AddPermission": "20150331v2",
    "RemovePermission": "20150331v2",
    "PublishVersion": "20150331",
    "CreateAlias": "20150331",
    "UpdateAlias": "20150331",
    "DeleteAlias": "20150331",
    "CreateEventSourceMapping": "20150331",
    "UpdateEventSourceMapping": "20150331",
    "DeleteEventSourceMapping": "20150331",
    "GetFunction": "20150331v2",
    "GetFunctionConfiguration": "20150331v2",
    "ListFunctions": "20150331",
}
_TYPES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "cloudformation": (("stack/", "AWS::CloudFormation::Stack"),),
    "cloudwatch": (("alarm:", "AWS::CloudWatch::Alarm"),),
    "dynamodb": (("table/", "AWS::DynamoDB::Table"),),
    "events": (("rule/", "AWS::Events::Rule"), ("event-bus/", "AWS::Events::EventBus")),
    "iam": (("role/", "AWS::IAM::Role"), ("user/", "AWS::IAM::User"), ("policy/", "AWS::IAM::Policy")),
    "kinesis": (("stream/", "AWS::Kinesis::Stream"),),
    "lambda": (("function:", "AWS::Lambda::Function"), ("layer:", "AWS::Lambda::LayerVersion")),
    "logs": (("log-group:", "AWS::Logs::LogGroup"),),
    "s3": (("", "AWS::S3::Bucket"),),
    "sns": (("", "AWS::SNS::Topic"),),
    "sqs": (("", "AWS::SQS::Queue"),),
    "states": (("stateMachine:", "AWS::StepFunctions::StateMachine"),),
}


def is_management(record: Record) -> bool:
    data = _DATA.get(record.service)
    return data is None or data.fullmatch(record.operation) is None


def event_of(record: Record) -> dict[str, Any]:
    """One of LookupEvents' ``Events``."""
    source, name = f"{_SOURCES.get(record.service, record.service)}.amazonaws.com", _name(record)
    at = datetime.fromtimestamp(record.at_ms / 1000, UTC)
    event_id, read_only = _event_id(record), record.operation.startswith(_READS)
    resources = [{"ResourceType": kind, "ResourceName": arn} for arn in record.arns if (kind := _type(arn))]
    detail: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": _identity(record),
        "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source,
        "eventName": name,
        "awsRegion": record.region,
        "sourceIPAddress": record.principal if _is_service(record.principal) else "127.0.0.1",
        "userAgent": None,
        **({"errorCode": record.error} if record.error else {}),
        "requestParameters": None,
        "responseElements": None,
        "requestID": record.request_id,
        "eventID": event_id,
        "readOnly": read_only,
        **({"resources": [{"accountId": record.account_id, "ARN": arn} for arn in record.arns]} if record.arns else {}),
        **_more(record),
        "eventType": "AwsServiceEvent" if _is_service(record.principal) else "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": record.account_id,
        "eventCategory": "Management",
    }
    return {
        "EventId": event_id,
        "EventName": name,
        "ReadOnly": "true" if read_only else "false",
        "EventTime": at.replace(microsecond=0),
        "EventSource": source,
        "Username": _user(record.principal),
        "Resources": resources,
        "CloudTrailEvent": json.dumps(detail, separators=(",", ":")),
    }


def bus_event_of(record: Record) -> dict[str, Any]:
    """A service event as CloudTrail hands it to EventBridge, without its id (Secrets Manager guide, "monitoring-eventbridge")."""
    told = event_of(record)
    return {
        "version": "0",
        "detail-type": "AWS Service Event via CloudTrail",
        "source": f"aws.{record.service}",
        "account": record.account_id,
        "time": f"{told['EventTime']:%Y-%m-%dT%H:%M:%SZ}",
        "region": record.region,
        "resources": [],
        "detail": json.loads(told["CloudTrailEvent"]),
    }


def _more(record: Record) -> dict[str, Any]:
    """Where rotation events name their secret: what reads them from EventBridge finds its ARN here."""
    rotated = record.service == "secretsmanager" and _is_service(record.principal) and record.arns
    return {"additionalEventData": {"SecretId": record.arns[0]}} if rotated else {}


def _name(record: Record) -> str:
    return record.operation + (_VERSIONED.get(record.operation, "") if record.service == "lambda" else "")


def _event_id(record: Record) -> str:
    """The call's own id with its number in it: the same each time it is asked for, another than the request's."""
    return f"{record.number:08x}{record.request_id[8:]}" if len(record.request_id) == 36 else f"{record.number:08x}"


def _is_service(principal: str) -> bool:
    return principal.endswith(".amazonaws.com")


def _user(principal: str) -> str:
    return principal.rsplit("/", 1)[-1] if ":" in principal else principal


def _identity(record: Record) -> dict[str, Any]:
    arn = record.principal
    if _is_service(arn):
        return {"type": "AWSService", "invokedBy": arn}
    parts = arn.split(":")
    if len(parts) < 6:
        return {"type": "Unknown", "accountId": record.account_id}
    account, resource = parts[4], parts[5]
    shared = {"principalId": _user(arn), "arn": arn, "accountId": account}
    if resource.startswith("assumed-role/"):
        role = resource.split("/")[1]
        issuer = {"type": "Role", "principalId": role, "arn": f"arn:aws:iam::{account}:role/{role}", "accountId": account}
        return {"type": "AssumedRole", **shared, "sessionContext": {"sessionIssuer": {**issuer, "userName": role}}}
    if resource == "root":
        return {"type": "Root", **shared}
    return {"type": "IAMUser", **shared, "userName": _user(arn)}


def _type(arn: str) -> str:
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return ""
    return next((kind for prefix, kind in _TYPES.get(parts[2], ()) if parts[5].startswith(prefix)), "")
