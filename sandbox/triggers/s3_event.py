"""What S3 says happened to an object, as a notification record and as an EventBridge event.

Shapes are recorded (localstack/localstack tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json and …_eventbridge…).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from sandbox.functions.moments import millis
from sandbox.iam.principal import Principal

EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e"
_VERSION_2_3 = ("ObjectTagging:", "ObjectAcl:")
_REASONS = {"ObjectCreated:Put": "PutObject", "ObjectCreated:Copy": "CopyObject", "ObjectCreated:Post": "POST Object"}
_REASONS |= {"ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload"}


@dataclass(frozen=True, slots=True)
class ObjectEvent:
    """``name`` has no ``s3:``: ``ObjectCreated:Put``. ``version_id`` is empty in a bucket that was never versioned; ``size`` and
    ``etag`` are None where S3 leaves them out.
    """

    name: str
    bucket: str
    owner: str  # account of the bucket
    region: str
    key: str
    at: float
    sequencer: str
    principal: Principal | None
    source_ip: str
    request_id: str
    host_id: str
    size: int | None = None
    etag: str | None = None
    version_id: str = ""
    trace: str = ""  # header of the call

    @property
    def bucket_arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}"


def record(event: ObjectEvent, configuration_id: str) -> dict[str, Any]:
    """One element of ``Records``. Keys are URL-encoded, blanks as plus signs (S3 user guide, "event message structure")."""
    later = event.name.startswith(_VERSION_2_3)
    item: dict[str, Any] = {"key": quote_plus(event.key, safe="/")}
    if event.size is not None and not later:
        item["size"] = event.size
    if event.etag is not None:
        item["eTag"] = event.etag
    if event.version_id:
        item["versionId"] = event.version_id
    if not later:
        item["sequencer"] = event.sequencer
    return {
        "eventVersion": "2.3" if later else "2.1",
        "eventSource": "aws:s3",
        "awsRegion": event.region,
        "eventTime": iso(event.at),
        "eventName": event.name,
        "userIdentity": {"principalId": _who(event.principal)},
        "requestParameters": {"sourceIPAddress": event.source_ip},
        "responseElements": {"x-amz-request-id": event.request_id, "x-amz-id-2": event.host_id},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration_id,
            "bucket": {
                "name": event.bucket,
                "ownerIdentity": {"principalId": _owner(event.owner)},
                "arn": event.bucket_arn,
            },
            "object": item,
        },
    }


def bus_event(event: ObjectEvent, event_id: str) -> dict[str, Any]:
    """For a bucket with EventBridge on; the key is not encoded there (S3 user guide, "EventBridge event message structure")."""
    item: dict[str, Any] = {"key": event.key}
    created = event.name.startswith("ObjectCreated:")
    if created and event.size is not None:
        item["size"] = event.size
    if event.etag is not None:
        item["etag"] = event.etag
    if event.version_id:
        item["version-id"] = event.version_id
    removed = event.name.startswith("ObjectRemoved:")
    if created or removed:
        item["sequencer"] = event.sequencer
    detail: dict[str, Any] = {
        "version": "0",
        "bucket": {"name": event.bucket},
        "object": item,
        "request-id": event.request_id,
        "requester": event.principal.account_id if event.principal and event.principal.account_id else event.owner,
        "source-ip-address": event.source_ip,
    }
    if created:
        detail["reason"] = _REASONS[event.name]
    if removed:
        marker = event.name.endswith("DeleteMarkerCreated")
        detail |= {"reason": "DeleteObject", "deletion-type": "Delete Marker Created" if marker else "Permanently Deleted"}
    return {
        "version": "0",
        "id": event_id,
        "detail-type": _detail_type(event.name),
        "source": "aws.s3",
        "account": event.owner,
        "time": f"{iso(event.at)[:19]}Z",
        "region": event.region,
        "resources": [event.bucket_arn],
        "detail": detail,
    }


def trial_event(bucket: str, at: float, request_id: str, host_id: str) -> dict[str, Any]:
    """What queues and topics get when a configuration is stored (S3 user guide, "notification how-to")."""
    said = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": iso(at), "Bucket": bucket}
    return said | {"RequestId": request_id, "HostId": host_id}


def iso(at: float) -> str:
    return millis(at).replace("+0000", "Z")


def _who(principal: Principal | None) -> str:
    """``AWS:AIDA…`` for a user, ``AWS:AROA…:session`` for a role, ``Anonymous`` for nobody."""
    if principal is None or principal.kind == "anonymous":
        return "Anonymous"
    return f"AWS:{principal.user_id or principal.arn}"


def _owner(account_id: str) -> str:
    """S3's own name of an account: 14 characters that say nothing else."""
    return "A" + hashlib.sha256(account_id.encode()).hexdigest()[:13].upper()


def _detail_type(name: str) -> str:
    kind, _, what = name.partition(":")
    named = {
        "ObjectCreated": "Object Created",
        "ObjectRemoved": "Object Deleted",
        "ObjectAcl": "Object ACL Updated",
        "ObjectTagging": "Object Tags Added" if what == "Put" else "Object Tags Deleted",
    }
    return named[kind]
