"""DynamoDB."""

from __future__ import annotations

from typing import Any

from sandbox.deployment.kind import Api, Steps, Work, kind

_CREATED = "AttributeDefinitions KeySchema BillingMode ProvisionedThroughput GlobalSecondaryIndexes LocalSecondaryIndexes"
_CREATED += " TableClass DeletionProtectionEnabled OnDemandThroughput"


def _stream(work: Work) -> dict[str, Any]:
    given = work.get("StreamSpecification")
    return {"StreamEnabled": True, **given} if given else {"StreamEnabled": False}


def _sse(given: dict[str, Any]) -> dict[str, Any]:
    held = dict(given)
    return {"Enabled": held.pop("SSEEnabled", True), **held}


def _create(work: Work) -> Steps:
    name = work.name("TableName", 255)
    given = work.pick(*_CREATED.split())
    if "BillingMode" not in given and "ProvisionedThroughput" not in given:
        given["BillingMode"] = "PAY_PER_REQUEST" if work.get("OnDemandThroughput") else "PROVISIONED"
    if work.get("StreamSpecification"):
        given["StreamSpecification"] = _stream(work)
    if work.get("SSESpecification"):
        given["SSESpecification"] = _sse(work.properties["SSESpecification"])
    tags = {"Tags": work.tag_list()} if work.all_tags() else {}
    answer = yield Api("dynamodb", "CreateTable", {"TableName": name, **given, **tags})
    work.physical_id = name
    work.only(Arn=answer["TableDescription"]["TableArn"])
    _remember_stream(work, answer)
    yield from _beside(work)


def _remember_stream(work: Work, answer: Any) -> None:
    stream = answer["TableDescription"].get("LatestStreamArn")
    if stream:
        work.only(StreamArn=stream)


def _beside(work: Work) -> Steps:
    if work.changed("TimeToLiveSpecification"):
        given = work.get("TimeToLiveSpecification") or {**work.old["TimeToLiveSpecification"], "Enabled": False}
        yield Api("dynamodb", "UpdateTimeToLive", {"TableName": work.physical_id, "TimeToLiveSpecification": given})
    if work.changed("PointInTimeRecoverySpecification"):
        given = work.get("PointInTimeRecoverySpecification") or {"PointInTimeRecoveryEnabled": False}
        params = {"TableName": work.physical_id, "PointInTimeRecoverySpecification": given}
        yield Api("dynamodb", "UpdateContinuousBackups", params)


def _update(work: Work) -> Steps:
    given = work.pick(
        *(name for name in ("BillingMode", "ProvisionedThroughput", "DeletionProtectionEnabled") if work.changed(name))
    )
    if given.get("BillingMode") == "PROVISIONED":
        given |= work.pick("ProvisionedThroughput")
    if given:
        yield Api("dynamodb", "UpdateTable", {"TableName": work.physical_id, **given})
    if work.changed("StreamSpecification"):
        answer = yield Api("dynamodb", "UpdateTable", {"TableName": work.physical_id, "StreamSpecification": _stream(work)})
        _remember_stream(work, answer)
    had = {row["IndexName"]: row for row in work.old.get("GlobalSecondaryIndexes") or ()}
    has = {row["IndexName"]: row for row in work.get("GlobalSecondaryIndexes") or ()}
    changes = [{"Delete": {"IndexName": name}} for name in had if name not in has]
    changes += [{"Create": row} for name, row in has.items() if name not in had]
    for change in changes:
        params = {"TableName": work.physical_id, "GlobalSecondaryIndexUpdates": [change], **work.pick("AttributeDefinitions")}
        yield Api("dynamodb", "UpdateTable", params)
    if work.changed("Tags") and work.all_tags():
        yield Api("dynamodb", "TagResource", {"ResourceArn": work.attributes["Arn"], "Tags": work.tag_list()})
    yield from _beside(work)


def _delete(work: Work) -> Steps:
    yield Api("dynamodb", "DeleteTable", {"TableName": work.physical_id})


kind(
    "AWS::DynamoDB::Table", _create, _delete, _update,
    props=f"{_CREATED} StreamSpecification TimeToLiveSpecification PointInTimeRecoverySpecification Tags",
    required="KeySchema", fixed="TableName KeySchema LocalSecondaryIndexes SSESpecification TableClass OnDemandThroughput",
)  # fmt: skip
