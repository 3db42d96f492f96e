"""S3: buckets with everything on them, and bucket policies."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import Api, ResourceError, Steps, Work, kind
from sandbox.errors import AwsError


def _on(work: Work, operation: str, **params: Any) -> Api:
    return Api("s3", operation, {"Bucket": work.physical_id, **params})


def _create(work: Work) -> Steps:
    name = work.name("BucketName", 63, lower=True)
    given: dict[str, Any] = {"Bucket": name}
    if work.region != "us-east-1":
        given["CreateBucketConfiguration"] = {"LocationConstraint": work.region}
    if work.get("ObjectLockEnabled") in (True, "true"):
        given["ObjectLockEnabledForBucket"] = True
    if work.get("BucketName"):
        yield from _new(name)
    yield Api("s3", "CreateBucket", given)
    work.physical_id = name
    work.only(
        Arn=f"arn:aws:s3:::{name}",
        DomainName=f"{name}.s3.amazonaws.com",
        RegionalDomainName=f"{name}.s3.{work.region}.amazonaws.com",
        DualStackDomainName=f"{name}.s3.dualstack.{work.region}.amazonaws.com",
        WebsiteURL=f"http://{name}.s3-website-{work.region}.amazonaws.com",
    )
    yield from _settings(work)


def _new(name: str) -> Steps:
    """S3 lets an owner create a bucket again in us-east-1; CloudFormation does not take over what it did not make."""
    try:
        yield Api("s3", "HeadBucket", {"Bucket": name})
    except AwsError:
        return
    raise ResourceError(f"{name} already exists")


def _settings(work: Work) -> Steps:
    if work.changed("VersioningConfiguration"):
        given = work.get("VersioningConfiguration") or {"Status": "Suspended"}
        yield _on(work, "PutBucketVersioning", VersioningConfiguration=given)
    if work.changed("PublicAccessBlockConfiguration"):
        given = work.get("PublicAccessBlockConfiguration") or {}
        yield _on(work, "PutPublicAccessBlock", PublicAccessBlockConfiguration=given)
    if work.changed("OwnershipControls") and work.get("OwnershipControls"):
        yield _on(work, "PutBucketOwnershipControls", OwnershipControls=work.properties["OwnershipControls"])
    if work.changed("BucketEncryption"):
        yield from _encryption(work)
    if work.changed("CorsConfiguration"):
        yield from _cors(work)
    if work.changed("LifecycleConfiguration"):
        yield from _lifecycle(work)
    if work.changed("Tags") or (work.tags and not work.old):
        if work.all_tags():
            yield _on(work, "PutBucketTagging", Tagging={"TagSet": work.tag_list()})
        else:
            yield _on(work, "DeleteBucketTagging")
    if work.changed("NotificationConfiguration"):
        given = _notifications(work.get("NotificationConfiguration") or {})
        yield _on(work, "PutBucketNotificationConfiguration", NotificationConfiguration=given)


def _encryption(work: Work) -> Steps:
    given = work.get("BucketEncryption")
    if not given:
        yield _on(work, "DeleteBucketEncryption")
        return
    rules = []
    for row in given["ServerSideEncryptionConfiguration"]:
        held = dict(row)
        if "ServerSideEncryptionByDefault" in held:
            held["ApplyServerSideEncryptionByDefault"] = held.pop("ServerSideEncryptionByDefault")
        rules.append(held)
    yield _on(work, "PutBucketEncryption", ServerSideEncryptionConfiguration={"Rules": rules})


def _cors(work: Work) -> Steps:
    given = work.get("CorsConfiguration")
    if not given:
        yield _on(work, "DeleteBucketCors")
        return
    spelled = {"Id": "ID", "MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    rules = [{spelled.get(name, name): value for name, value in row.items()} for row in given["CorsRules"]]
    yield _on(work, "PutBucketCors", CORSConfiguration={"CORSRules": rules})


def _lifecycle(work: Work) -> Steps:
    given = work.get("LifecycleConfiguration")
    if not given:
        yield _on(work, "DeleteBucketLifecycle")
        return
    rules = [_lifecycle_rule(dict(row)) for row in given["Rules"]]
    yield _on(work, "PutBucketLifecycleConfiguration", LifecycleConfiguration={"Rules": rules})


def _lifecycle_rule(row: dict[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {"Status": row.pop("Status"), "Filter": {"Prefix": row.pop("Prefix", "")}}
    if "Id" in row:
        rule["ID"] = row.pop("Id")
    if "ExpirationInDays" in row:
        rule["Expiration"] = {"Days": row.pop("ExpirationInDays")}
    if "Transitions" in row:
        spelled = {"TransitionInDays": "Days", "TransitionDate": "Date"}
        rule["Transitions"] = [{spelled.get(key, key): value for key, value in one.items()} for one in row.pop("Transitions")]
    return {**rule, **row}  # whatever the operation does not know is refused there


def _notifications(given: dict[str, Any]) -> dict[str, Any]:
    kinds = {"LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn")}
    kinds |= {"QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn")}
    kinds |= {"TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn")}
    made: dict[str, Any] = {}
    for name, rows in given.items():
        if name == "EventBridgeConfiguration":
            if (rows or {}).get("EventBridgeEnabled", True) in (True, "true"):
                made["EventBridgeConfiguration"] = {}
            continue
        member, short, long = kinds[name]
        made[member] = [_rule(dict(row), short, long) for row in rows]
    return made


def _rule(row: dict[str, Any], short: str, long: str) -> dict[str, Any]:
    rule: dict[str, Any] = {long: row.pop(short), "Events": [row.pop("Event")]}
    if "Filter" in row:
        rules = row.pop("Filter")["S3Key"]["Rules"]
        rule["Filter"] = {"Key": {"FilterRules": [{"Name": one["Name"].lower(), "Value": one["Value"]} for one in rules]}}
    return {**rule, **row}


def _delete(work: Work) -> Steps:
    yield _on(work, "DeleteBucket")


def _put_policy(work: Work) -> Steps:
    policy = work.properties["PolicyDocument"]
    work.physical_id = str(work.properties["Bucket"])
    yield _on(work, "PutBucketPolicy", Policy=policy if isinstance(policy, str) else json.dumps(policy))


def _delete_policy(work: Work) -> Steps:
    yield _on(work, "DeleteBucketPolicy")


kind(
    "AWS::S3::Bucket", _create, _delete, _settings,
    props="VersioningConfiguration PublicAccessBlockConfiguration OwnershipControls BucketEncryption CorsConfiguration "
    "LifecycleConfiguration Tags NotificationConfiguration",
    fixed="BucketName ObjectLockEnabled",
)  # fmt: skip
kind("AWS::S3::BucketPolicy", _put_policy, _delete_policy, _put_policy, required="PolicyDocument", fixed="Bucket")
