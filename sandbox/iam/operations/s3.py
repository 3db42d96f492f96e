"""S3 (user guide, "Required permissions for Amazon S3 API operations"; service authorization reference for the condition keys).

Left out because the request alone does not show it: the KMS actions of encrypted objects, and the tag actions of a copy that
takes the source's tags along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from sandbox.iam.operations.request import Request, Rule, Rules, query_tags
from sandbox.iam.verdict import Check, ContextValue

# parameter → condition key, wherever the parameter occurs
_HEADERS: Final[Mapping[str, str]] = {
    "ACL": "s3:x-amz-acl",
    "BucketKeyEnabled": "s3:x-amz-server-side-encryption-bucket-key-enabled",
    "CopySource": "s3:x-amz-copy-source",
    "Delimiter": "s3:delimiter",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
    "MaxKeys": "s3:max-keys",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectLockRetainUntilDate": "s3:object-lock-retain-until-date",
    "Prefix": "s3:prefix",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "StorageClass": "s3:x-amz-storage-class",
    "VersionId": "s3:VersionId",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
}
_GRANTS: Final = ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")


def _bucket(request: Request, name: str = "") -> str:
    name = name or request.text("Bucket")
    return name if name.startswith("arn:") else request.arn(name, region="", account="")


def _object(request: Request, key: str | None = None, bucket: str = "") -> str:
    arn = _bucket(request, bucket)
    key = request.text("Key") if key is None else key
    return f"{arn}/object/{key}" if ":accesspoint/" in arn else f"{arn}/{key}"


def _keys(request: Request) -> dict[str, ContextValue | None]:
    keys: dict[str, ContextValue | None] = {}
    for parameter, key in _HEADERS.items():
        value = request.params.get(parameter)
        if value is not None:
            keys[key] = str(value).lower() if isinstance(value, bool) else str(value)
    tags = query_tags(request.params.get("Tagging"))
    for row in request.part("Tagging").get("TagSet") or ():
        tags[str(row.get("Key"))] = str(row.get("Value"))
    for name, value in tags.items():
        keys[f"s3:RequestObjectTag/{name}"] = value
    if tags:
        keys["s3:RequestObjectTagKeys"] = list(tags)
    location = request.part("CreateBucketConfiguration").get("LocationConstraint")
    if location:
        keys["s3:LocationConstraint"] = str(location)
    if request.where.principal.kind != "anonymous":
        keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
        keys["s3:authType"] = "REST-HEADER"
    return keys


def _check(request: Request, action: str, arn: str, bucket: str = "") -> Check:
    bucket = bucket or request.text("Bucket")
    bucket_arn = _bucket(request, bucket)
    context = _keys(request)
    if arn != bucket_arn:
        for name, value in request.where.resource_tags(arn).items():
            context[f"s3:ExistingObjectTag/{name}"] = value
    return request.check(action, arn, context, owner=request.where.find("s3:owner", bucket), policy_of=bucket_arn)


def on_bucket(action: str) -> Rule:
    return lambda request: [_check(request, action, _bucket(request))]


def on_object(action: str, of_version: str = "") -> Rule:
    """``of_version`` is the action that is asked for instead when the request names a version."""

    def rule(request: Request) -> Iterable[Check]:
        wanted = of_version if of_version and request.text("VersionId") else action
        return [_check(request, wanted, _object(request))]

    return rule


def _source(request: Request) -> Check:
    """CopySource is ``bucket/key?versionId=…``, URL-encoded, with or without a leading slash, or a structure of the three."""
    given: Any = request.params.get("CopySource")
    if isinstance(given, Mapping):
        bucket, key = str(given.get("Bucket") or ""), str(given.get("Key") or "")
        version = str(given.get("VersionId") or "")
    else:
        path, _, query = str(given or "").partition("?")
        version = query.removeprefix("versionId=") if query.startswith("versionId=") else ""
        bucket, _, key = unquote(path).removeprefix("/").partition("/")
    action = "GetObjectVersion" if version else "GetObject"
    arn = _object(request, key, bucket)
    owner = request.where.find("s3:owner", bucket)
    return request.check(action, arn, {"s3:VersionId": version}, owner=owner, policy_of=_bucket(request, bucket))


def _write(request: Request) -> list[Check]:
    """PutObject, and what its headers ask for besides."""
    arn = _object(request)
    actions = ["PutObject"]
    if request.params.get("Tagging"):
        actions.append("PutObjectTagging")
    if any(request.params.get(name) for name in _GRANTS):
        actions.append("PutObjectAcl")
    if request.params.get("ObjectLockMode") or request.params.get("ObjectLockRetainUntilDate"):
        actions.append("PutObjectRetention")
    if request.params.get("ObjectLockLegalHoldStatus"):
        actions.append("PutObjectLegalHold")
    return [_check(request, action, arn) for action in actions]


def _part(request: Request) -> Iterable[Check]:
    return [_check(request, "PutObject", _object(request))]


def _copy(request: Request) -> Iterable[Check]:
    return [_source(request), *_write(request)]


def _copy_part(request: Request) -> Iterable[Check]:
    return [_source(request), _check(request, "PutObject", _object(request))]


def _delete_many(request: Request) -> Iterable[Check]:
    """Each object on its own. The gate may refuse some keys and let others pass, as S3 does."""
    rows = request.part("Delete").get("Objects") or ()
    return [
        _check(
            request,
            "DeleteObjectVersion" if row.get("VersionId") else "DeleteObject",
            _object(request, str(row.get("Key") or "")),
        )
        for row in rows
    ]


def _attributes(request: Request) -> Iterable[Check]:
    suffix = "Version" if request.text("VersionId") else ""
    arn = _object(request)
    return [_check(request, f"GetObject{suffix}", arn), _check(request, f"GetObject{suffix}Attributes", arn)]


def _create_bucket(request: Request) -> Iterable[Check]:
    actions = ["CreateBucket"]
    if any(request.params.get(name) for name in _GRANTS):
        actions.append("PutBucketAcl")
    if request.params.get("ObjectLockEnabledForBucket"):
        actions += ["PutBucketObjectLockConfiguration", "PutBucketVersioning"]
    if request.params.get("ObjectOwnership"):
        actions.append("PutBucketOwnershipControls")
    return [_check(request, action, _bucket(request)) for action in actions]


def _all_buckets(request: Request) -> Iterable[Check]:
    return [request.check("ListAllMyBuckets", "*")]


def _directory_buckets(request: Request) -> Iterable[Check]:
    return [request.check("s3express:ListAllMyDirectoryBuckets", "*")]


def _session(request: Request) -> Iterable[Check]:
    return [request.check("s3express:CreateSession", request.arn(f"bucket/{request.text('Bucket')}", service="s3express"))]


def _object_lambda(request: Request) -> Iterable[Check]:
    return [request.check("s3-object-lambda:WriteGetObjectResponse", "*")]


def _bucket_rules(names: Mapping[str, str]) -> Rules:
    return {operation: on_bucket(action) for action, operations in names.items() for operation in operations.split()}


_SAME: Final = (
    "DeleteBucket DeleteBucketPolicy DeleteBucketWebsite GetBucketAbac GetBucketAcl GetBucketLocation GetBucketLogging "
    "GetBucketNotification GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketRequestPayment "
    "GetBucketTagging GetBucketVersioning GetBucketWebsite PutBucketAbac PutBucketAcl PutBucketLogging PutBucketNotification "
    "PutBucketOwnershipControls PutBucketPolicy PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite"
)
# action → operations with another name
_BUCKET: Final[Mapping[str, str]] = {
    "GetAccelerateConfiguration": "GetBucketAccelerateConfiguration",
    "PutAccelerateConfiguration": "PutBucketAccelerateConfiguration",
    "GetAnalyticsConfiguration": "GetBucketAnalyticsConfiguration ListBucketAnalyticsConfigurations",
    "PutAnalyticsConfiguration": "PutBucketAnalyticsConfiguration DeleteBucketAnalyticsConfiguration",
    "GetBucketCORS": "GetBucketCors",
    "PutBucketCORS": "PutBucketCors DeleteBucketCors",
    "GetEncryptionConfiguration": "GetBucketEncryption",
    "PutEncryptionConfiguration": "PutBucketEncryption DeleteBucketEncryption",
    "GetIntelligentTieringConfiguration": "GetBucketIntelligentTieringConfiguration ListBucketIntelligentTieringConfigurations",
    "PutIntelligentTieringConfiguration": "PutBucketIntelligentTieringConfiguration DeleteBucketIntelligentTieringConfiguration",
    "GetInventoryConfiguration": "GetBucketInventoryConfiguration ListBucketInventoryConfigurations",
    "PutInventoryConfiguration": "PutBucketInventoryConfiguration DeleteBucketInventoryConfiguration",
    "GetLifecycleConfiguration": "GetBucketLifecycle GetBucketLifecycleConfiguration",
    "PutLifecycleConfiguration": "PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle",
    "GetMetricsConfiguration": "GetBucketMetricsConfiguration ListBucketMetricsConfigurations",
    "PutMetricsConfiguration": "PutBucketMetricsConfiguration DeleteBucketMetricsConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
    "GetReplicationConfiguration": "GetBucketReplication",
    "PutReplicationConfiguration": "PutBucketReplication DeleteBucketReplication",
    "GetBucketObjectLockConfiguration": "GetObjectLockConfiguration",
    "PutBucketObjectLockConfiguration": "PutObjectLockConfiguration",
    "GetBucketPublicAccessBlock": "GetPublicAccessBlock",
    "PutBucketPublicAccessBlock": "PutPublicAccessBlock DeletePublicAccessBlock",
    "PutBucketOwnershipControls": "DeleteBucketOwnershipControls",
    "PutBucketTagging": "DeleteBucketTagging",
    "GetBucketMetadataTableConfiguration": "GetBucketMetadataTableConfiguration GetBucketMetadataConfiguration",
    "CreateBucketMetadataTableConfiguration": "CreateBucketMetadataTableConfiguration CreateBucketMetadataConfiguration",
    "DeleteBucketMetadataTableConfiguration": "DeleteBucketMetadataTableConfiguration DeleteBucketMetadataConfiguration",
    "UpdateBucketMetadataInventoryTableConfiguration": "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration": "UpdateBucketMetadataJournalTableConfiguration",
    "ListBucket": "ListObjects ListObjectsV2 HeadBucket",
    "ListBucketVersions": "ListObjectVersions",
    "ListBucketMultipartUploads": "ListMultipartUploads",
}

RULES: Rules = {
    **{name: on_bucket(name) for name in _SAME.split()},
    **_bucket_rules(_BUCKET),
    "AbortMultipartUpload": on_object("AbortMultipartUpload"),
    "CompleteMultipartUpload": _part,
    "CopyObject": _copy,
    "CreateBucket": _create_bucket,
    "CreateMultipartUpload": _write,
    "CreateSession": _session,
    "DeleteObject": on_object("DeleteObject", "DeleteObjectVersion"),
    "DeleteObjectTagging": on_object("DeleteObjectTagging", "DeleteObjectVersionTagging"),
    "DeleteObjects": _delete_many,
    "GetObject": on_object("GetObject", "GetObjectVersion"),
    "GetObjectAcl": on_object("GetObjectAcl", "GetObjectVersionAcl"),
    "GetObjectAttributes": _attributes,
    "GetObjectLegalHold": on_object("GetObjectLegalHold"),
    "GetObjectRetention": on_object("GetObjectRetention"),
    "GetObjectTagging": on_object("GetObjectTagging", "GetObjectVersionTagging"),
    "GetObjectTorrent": on_object("GetObjectTorrent"),
    "HeadObject": on_object("GetObject", "GetObjectVersion"),
    "ListBuckets": _all_buckets,
    "ListDirectoryBuckets": _directory_buckets,
    "ListParts": on_object("ListMultipartUploadParts"),
    "PutObject": _write,
    "PutObjectAcl": on_object("PutObjectAcl", "PutObjectVersionAcl"),
    "PutObjectLegalHold": on_object("PutObjectLegalHold"),
    "PutObjectRetention": on_object("PutObjectRetention"),
    "PutObjectTagging": on_object("PutObjectTagging", "PutObjectVersionTagging"),
    "RestoreObject": on_object("RestoreObject"),
    "SelectObjectContent": on_object("GetObject"),
    "UpdateObjectEncryption": on_object("UpdateObjectEncryption"),
    "UploadPart": _part,
    "UploadPartCopy": _copy_part,
    "WriteGetObjectResponse": _object_lambda,
}
