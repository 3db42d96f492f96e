"""Where S3's notifications come from: the calls that change objects, as moto answered them, and the configuration operations.

The configuration is kept in ``sandbox.triggers``; moto never sees it, so its own synchronous notifications stay silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.arn import Arn
from sandbox.clock import Clock
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal
from sandbox.triggers.notification_configuration import parse
from sandbox.triggers.s3 import S3Notifications
from sandbox.triggers.s3_event import EMPTY_ETAG, ObjectEvent

_CREATED = {
    "PutObject": "ObjectCreated:Put",
    "CopyObject": "ObjectCreated:Copy",
    "CompleteMultipartUpload": "ObjectCreated:CompleteMultipartUpload",
}
_CHANGED = {
    "PutObjectTagging": "ObjectTagging:Put",
    "DeleteObjectTagging": "ObjectTagging:Delete",
    "PutObjectAcl": "ObjectAcl:Put",
}
_REMOVED = ("DeleteObject", "DeleteObjects")


class S3Watch:
    """Attached to ``Services``: overrides for the configuration, a hook before removals and one after everything."""

    def __init__(self, services: Services, notifications: S3Notifications, clock: Clock) -> None:
        self._services = services
        self._world: World = services.world
        self._notifications = notifications
        self._clock = clock
        self._sequence = 0
        self._there: set[str] = set()  # keys of the removal under way that exist
        services.override("s3", "PutBucketNotificationConfiguration", self._put)
        services.override("s3", "GetBucketNotificationConfiguration", self._get)
        services.before.setdefault("s3", []).append(self._before)
        services.after.setdefault("s3", []).append(self._after)

    # -- configuration

    def _put(
        self, call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        name = str(call.params["Bucket"])
        bucket = self._bucket(name)
        wanted = parse(call.params.get("NotificationConfiguration") or {}, bucket.region_name, self._world.ids.uuid)
        in_hand = self._services.in_hand
        self._notifications.put(
            name,
            str(bucket.account_id),
            wanted,
            validate=not call.params.get("SkipDestinationValidation"),
            request_id=in_hand.request_id if in_hand else "",
        )
        return {}

    def _get(
        self, call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        name = str(call.params["Bucket"])
        self._bucket(name)
        return self._notifications.of(name).shown()

    # -- events

    def _before(self, call: ParsedCall, _account_id: str, _region: str) -> None:
        if call.operation in _REMOVED:
            bucket = self._find(str(call.params.get("Bucket")))
            if bucket is not None:
                self._there = {key for key, _ in _removals(call) if bucket.keys.getlist(key, default=[])}

    def _after(self, call: ParsedCall, _account_id: str, _region: str, response: HttpResponse) -> None:
        name = str(call.params.get("Bucket", ""))
        if response.status >= 300:
            return
        if call.operation == "DeleteBucket":
            self._notifications.forget(name)
            return
        configured = self._notifications.of(name)
        if not configured.rules and not configured.event_bridge:
            return
        bucket = self._find(name)
        if bucket is None:
            return
        if call.operation in _CREATED or call.operation in _CHANGED:
            self._written(call, bucket, response)
        elif call.operation in _REMOVED:
            self._removed(call, bucket, response)

    def _written(self, call: ParsedCall, bucket: Any, response: HttpResponse) -> None:
        key = str(call.params["Key"])
        versions = bucket.keys.getlist(key, default=[])
        wanted = str(call.params.get("VersionId") or "")
        item = next((row for row in reversed(versions) if not wanted or str(row.version_id) == wanted), None)
        if item is None or not hasattr(item, "etag"):  # an upload that S3 refused inside a 200 answer
            return
        name = _CREATED.get(call.operation) or _CHANGED[call.operation]
        etag = str(item.etag).replace('"', "")
        self._tell(name, bucket, key, response, size=int(item.size), etag=etag, version_id=_version(bucket, item))

    def _removed(self, call: ParsedCall, bucket: Any, response: HttpResponse) -> None:
        for key, version in _removals(call):
            versions = bucket.keys.getlist(key, default=[])
            newest = versions[-1] if versions else None
            if version:
                if key in self._there and all(str(row.version_id) != version for row in versions):
                    self._tell("ObjectRemoved:Delete", bucket, key, response, version_id=version)
            elif newest is not None and not hasattr(newest, "etag"):
                self._tell(
                    "ObjectRemoved:DeleteMarkerCreated", bucket, key, response, etag=EMPTY_ETAG, version_id=str(newest.version_id)
                )
            elif newest is None and key in self._there:
                self._tell("ObjectRemoved:Delete", bucket, key, response)
        self._there = set()

    def _tell(
        self,
        name: str,
        bucket: Any,
        key: str,
        response: HttpResponse,
        *,
        size: int | None = None,
        etag: str | None = None,
        version_id: str = "",
    ) -> None:
        in_hand = self._services.in_hand
        event = ObjectEvent(
            name=name,
            bucket=bucket.name,
            owner=str(bucket.account_id),
            region=bucket.region_name,
            key=key,
            at=self._clock.now(),
            sequencer=self._sequencer(),
            principal=in_hand.principal if in_hand else None,
            source_ip=in_hand.request.source_ip if in_hand else "127.0.0.1",
            request_id=response.header("x-amz-request-id"),
            host_id=response.header("x-amz-id-2"),
            size=size,
            etag=etag,
            version_id=version_id,
            trace=in_hand.request.header("x-amzn-trace-id") if in_hand else "",
        )
        self._notifications.happened(event, in_hand.cause if in_hand else 0)

    def _sequencer(self) -> str:
        """Hexadecimal, growing with every event."""
        self._sequence = max(self._sequence + 1, self._clock.now_ms() << 16)
        return f"{self._sequence:018X}"

    def _find(self, name: str) -> Any:
        holder = self._world.backends("s3")
        owner = holder.bucket_accounts.get(name, ("", ""))[1]
        return holder[owner]["aws"].buckets.get(name) if owner else None

    def _bucket(self, name: str) -> Any:
        bucket = self._find(name)
        if bucket is None:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404, fields={"BucketName": name})
        return bucket


def destination_exists(world: World, arn: str) -> bool:
    """Whether there is such a queue or topic."""
    where = Arn.parse(arn)
    if not world.known(where.service):
        return False
    with world.entered():
        backend = world.backend(where.service, where.account, where.region)
        return where.resource in backend.queues if where.service == "sqs" else arn in backend.topics


def _removals(call: ParsedCall) -> Iterator[tuple[str, str]]:
    """Key and version asked for, ``""`` for the newest."""
    if call.operation == "DeleteObject":
        yield str(call.params["Key"]), str(call.params.get("VersionId") or "")
        return
    for row in (call.params.get("Delete") or {}).get("Objects") or ():
        yield str(row["Key"]), str(row.get("VersionId") or "")


def _version(bucket: Any, item: Any) -> str:
    """Nothing in a bucket that is not versioned."""
    version = str(item.version_id)
    return "" if not bucket.is_versioned or version in ("null", "None") else version
