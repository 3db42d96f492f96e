from __future__ import annotations

import pytest

BUCKET = "arn:aws:s3:::data"
OBJECT = "arn:aws:s3:::data/a/b.txt"
AT = {"Bucket": "data", "Key": "a/b.txt"}


@pytest.mark.parametrize(
    ("operation", "params", "wanted"),
    [
        ("GetObject", AT, [("s3:GetObject", OBJECT)]),
        ("GetObject", {**AT, "VersionId": "v"}, [("s3:GetObjectVersion", OBJECT)]),
        ("HeadObject", AT, [("s3:GetObject", OBJECT)]),
        ("HeadObject", {**AT, "VersionId": "v"}, [("s3:GetObjectVersion", OBJECT)]),
        ("DeleteObject", {**AT, "VersionId": "v"}, [("s3:DeleteObjectVersion", OBJECT)]),
        ("GetObjectTagging", {**AT, "VersionId": "v"}, [("s3:GetObjectVersionTagging", OBJECT)]),
        ("PutObject", AT, [("s3:PutObject", OBJECT)]),
        ("PutObject", {**AT, "Tagging": "a=b"}, [("s3:PutObject", OBJECT), ("s3:PutObjectTagging", OBJECT)]),
        ("PutObject", {**AT, "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT)]),
        ("CreateMultipartUpload", AT, [("s3:PutObject", OBJECT)]),
        ("UploadPart", {**AT, "PartNumber": 1, "UploadId": "u"}, [("s3:PutObject", OBJECT)]),
        ("CompleteMultipartUpload", {**AT, "UploadId": "u"}, [("s3:PutObject", OBJECT)]),
        ("AbortMultipartUpload", {**AT, "UploadId": "u"}, [("s3:AbortMultipartUpload", OBJECT)]),
        ("ListParts", {**AT, "UploadId": "u"}, [("s3:ListMultipartUploadParts", OBJECT)]),
        ("ListObjectsV2", {"Bucket": "data"}, [("s3:ListBucket", BUCKET)]),
        ("ListObjects", {"Bucket": "data"}, [("s3:ListBucket", BUCKET)]),
        ("HeadBucket", {"Bucket": "data"}, [("s3:ListBucket", BUCKET)]),
        ("ListObjectVersions", {"Bucket": "data"}, [("s3:ListBucketVersions", BUCKET)]),
        ("ListMultipartUploads", {"Bucket": "data"}, [("s3:ListBucketMultipartUploads", BUCKET)]),
        ("ListBuckets", {}, [("s3:ListAllMyBuckets", "*")]),
        ("DeleteBucketTagging", {"Bucket": "data"}, [("s3:PutBucketTagging", BUCKET)]),
        ("GetBucketEncryption", {"Bucket": "data"}, [("s3:GetEncryptionConfiguration", BUCKET)]),
        ("PutBucketNotificationConfiguration", {"Bucket": "data"}, [("s3:PutBucketNotification", BUCKET)]),
        ("GetObjectAttributes", AT, [("s3:GetObject", OBJECT), ("s3:GetObjectAttributes", OBJECT)]),
    ],
)
def test_operations_and_their_actions(asked, operation: str, params, wanted) -> None:
    assert asked("s3", operation, params) == wanted


@pytest.mark.parametrize(
    ("source", "action", "arn"),
    [
        ("from/x%20y", "s3:GetObject", "arn:aws:s3:::from/x y"),
        ("/from/k?versionId=3", "s3:GetObjectVersion", "arn:aws:s3:::from/k"),
        ({"Bucket": "from", "Key": "k"}, "s3:GetObject", "arn:aws:s3:::from/k"),
    ],
)
def test_a_copy_reads_its_source_and_writes_its_destination(asked, source, action: str, arn: str) -> None:
    assert asked("s3", "CopyObject", {**AT, "CopySource": source}) == [(action, arn), ("s3:PutObject", OBJECT)]
    assert asked("s3", "UploadPartCopy", {**AT, "CopySource": source}) == [(action, arn), ("s3:PutObject", OBJECT)]


def test_deleting_many_asks_for_each_object(asked) -> None:
    rows = {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "v"}]}
    assert asked("s3", "DeleteObjects", {"Bucket": "data", "Delete": rows}) == [
        ("s3:DeleteObject", "arn:aws:s3:::data/a"),
        ("s3:DeleteObjectVersion", "arn:aws:s3:::data/b"),
    ]


def test_listing_brings_prefix_and_delimiter(keys) -> None:
    found = keys("s3", "ListObjectsV2", {"Bucket": "data", "Prefix": "home/", "Delimiter": "/", "MaxKeys": 10})
    assert (found["s3:prefix"], found["s3:delimiter"], found["s3:max-keys"]) == ("home/", "/", "10")
    assert keys("s3", "ListObjectsV2", {"Bucket": "data", "Prefix": ""}).get("s3:prefix") in (None, "")


def test_writing_brings_encryption_and_tags(keys) -> None:
    found = keys("s3", "PutObject", {**AT, "ServerSideEncryption": "aws:kms", "Tagging": "team=red&a=b"})
    assert found["s3:x-amz-server-side-encryption"] == "aws:kms"
    assert found["s3:RequestObjectTag/team"] == "red"
    assert found["s3:RequestObjectTagKeys"] == ["team", "a"]


def test_objects_have_their_buckets_policy_and_owner() -> None:
    from sandbox.iam.operations import checks_for
    from sandbox.iam.operations.call_site import CallSite
    from sandbox.iam.principal import Principal

    where = CallSite(
        "123456789012",
        "us-east-1",
        Principal("user", "123456789012", "arn:aws:iam::123456789012:user/b"),
        find=lambda kind, name: "999999999999" if (kind, name) == ("s3:owner", "data") else "",
    )
    (check,) = checks_for("s3", "GetObject", AT, where)
    assert (check.resource_policy_arn, check.resource_account) == (BUCKET, "999999999999")
