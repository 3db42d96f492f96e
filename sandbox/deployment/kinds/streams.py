"""Kinesis."""

from __future__ import annotations

from sandbox.deployment.kind import Api, Steps, Work, kind

_RETENTION_H = 24


def _create(work: Work) -> Steps:
    name = work.name("Name", 128)
    given = {"ShardCount": work.get("ShardCount")} if work.get("ShardCount") else {}
    mode = work.pick("StreamModeDetails")
    yield Api("kinesis", "CreateStream", {"StreamName": name, **(given or ({} if mode else {"ShardCount": 1})), **mode})
    work.physical_id = name
    work.only(Arn=work.arn("kinesis", f"stream/{name}"))
    yield from _retention(work)
    if work.all_tags():
        yield Api("kinesis", "AddTagsToStream", {"StreamName": name, "Tags": work.all_tags()})


def _retention(work: Work) -> Steps:
    hours, before = (
        int(work.get("RetentionPeriodHours") or _RETENTION_H),
        int(work.old.get("RetentionPeriodHours") or _RETENTION_H),
    )
    if hours != before:
        operation = "IncreaseStreamRetentionPeriod" if hours > before else "DecreaseStreamRetentionPeriod"
        yield Api("kinesis", operation, {"StreamName": work.physical_id, "RetentionPeriodHours": hours})


def _update(work: Work) -> Steps:
    if work.changed("ShardCount"):
        count = work.get("ShardCount") or 1
        params = {"StreamName": work.physical_id, "TargetShardCount": count, "ScalingType": "UNIFORM_SCALING"}
        yield Api("kinesis", "UpdateShardCount", params)
    yield from _retention(work)


def _delete(work: Work) -> Steps:
    yield Api("kinesis", "DeleteStream", {"StreamName": work.physical_id, "EnforceConsumerDeletion": True})


kind(
    "AWS::Kinesis::Stream",
    _create,
    _delete,
    _update,
    props="ShardCount RetentionPeriodHours Tags",
    fixed="Name StreamModeDetails",
)
