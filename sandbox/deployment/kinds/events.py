"""EventBridge and EventBridge Scheduler."""

from __future__ import annotations

import json
from typing import Any

from sandbox.deployment.kind import Api, ResourceError, Steps, Work, kind


def _bus(work: Work) -> dict[str, Any]:
    return {"EventBusName": work.properties["EventBusName"]} if work.get("EventBusName") else {}


def _put_rule(work: Work) -> Steps:
    name = work.physical_id.split("|")[-1] or work.name("Name")
    given = work.pick("Description", "ScheduleExpression", "State", "RoleArn")
    if work.get("EventPattern") is not None:
        given["EventPattern"] = json.dumps(work.properties["EventPattern"])
    tags = {"Tags": work.tag_list()} if work.all_tags() and not work.physical_id else {}
    answer = yield Api("events", "PutRule", {"Name": name, **_bus(work), **given, **tags})
    bus = str(work.get("EventBusName") or "default").rsplit("/", 1)[-1]
    work.physical_id = name if bus == "default" else f"{bus}|{name}"
    work.only(Arn=answer["RuleArn"])
    targets = work.get("Targets") or []
    if targets and work.changed("Targets"):
        answer = yield Api("events", "PutTargets", {"Rule": name, **_bus(work), "Targets": targets})
        if answer.get("FailedEntryCount"):
            raise ResourceError(str(answer["FailedEntries"][0].get("ErrorMessage", "")))
    kept = {row["Id"] for row in targets}
    gone = [row["Id"] for row in work.old.get("Targets") or () if row["Id"] not in kept]
    if gone:
        yield Api("events", "RemoveTargets", {"Rule": name, **_bus(work), "Ids": gone})


def _delete_rule(work: Work) -> Steps:
    name = work.physical_id.split("|")[-1]
    ids = [row["Id"] for row in work.get("Targets") or ()]
    if ids:
        yield Api("events", "RemoveTargets", {"Rule": name, **_bus(work), "Ids": ids})
    yield Api("events", "DeleteRule", {"Name": name, **_bus(work)})


def _create_bus(work: Work) -> Steps:
    name = str(work.properties["Name"])
    tags = {"Tags": work.tag_list()} if work.all_tags() else {}
    answer = yield Api("events", "CreateEventBus", {"Name": name, **work.pick("EventSourceName", "Description"), **tags})
    work.physical_id = name
    work.only(Arn=answer["EventBusArn"], Name=name)


def _delete_bus(work: Work) -> Steps:
    yield Api("events", "DeleteEventBus", {"Name": work.physical_id})


def _put_bus_policy(work: Work) -> Steps:
    work.physical_id = str(work.properties["StatementId"])
    given = _bus(work)
    if work.get("Statement"):
        statement = {"Sid": work.physical_id, **work.properties["Statement"]}
        given["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    else:
        given |= {"StatementId": work.physical_id, **work.pick("Action", "Principal", "Condition")}
    yield Api("events", "PutPermission", given)


def _delete_bus_policy(work: Work) -> Steps:
    yield Api("events", "RemovePermission", {"StatementId": work.physical_id, **_bus(work)})


def _archive(work: Work) -> dict[str, Any]:
    given = work.pick("Description", "RetentionDays")
    if work.get("EventPattern") is not None:
        given["EventPattern"] = json.dumps(work.properties["EventPattern"])
    return given


def _create_archive(work: Work) -> Steps:
    name = work.name("ArchiveName", 48)
    answer = yield Api(
        "events", "CreateArchive", {"ArchiveName": name, "EventSourceArn": work.properties["SourceArn"], **_archive(work)}
    )
    work.physical_id = name
    work.only(Arn=answer["ArchiveArn"], ArchiveName=name)


def _update_archive(work: Work) -> Steps:
    yield Api("events", "UpdateArchive", {"ArchiveName": work.physical_id, **_archive(work)})


def _delete_archive(work: Work) -> Steps:
    yield Api("events", "DeleteArchive", {"ArchiveName": work.physical_id})


_SCHEDULE = (
    "Description EndDate FlexibleTimeWindow KmsKeyArn ScheduleExpression ScheduleExpressionTimezone StartDate State Target"
)


def _create_schedule(work: Work) -> Steps:
    name = work.name("Name")
    answer = yield Api("scheduler", "CreateSchedule", {"Name": name, **work.pick("GroupName", *_SCHEDULE.split())})
    work.physical_id = name
    work.only(Arn=answer["ScheduleArn"])


def _update_schedule(work: Work) -> Steps:
    yield Api("scheduler", "UpdateSchedule", {"Name": work.physical_id, **work.pick("GroupName", *_SCHEDULE.split())})


def _delete_schedule(work: Work) -> Steps:
    yield Api("scheduler", "DeleteSchedule", {"Name": work.physical_id, **work.pick("GroupName")})


def _create_schedule_group(work: Work) -> Steps:
    name = work.name("Name")
    answer = yield Api("scheduler", "CreateScheduleGroup", {"Name": name})
    work.physical_id = name
    work.only(Arn=answer["ScheduleGroupArn"])


def _delete_schedule_group(work: Work) -> Steps:
    yield Api("scheduler", "DeleteScheduleGroup", {"Name": work.physical_id})


kind(
    "AWS::Events::Rule", _put_rule, _delete_rule, _put_rule,
    props="Description EventPattern RoleArn ScheduleExpression State Tags Targets", fixed="Name EventBusName",
)  # fmt: skip
kind("AWS::Events::EventBus", _create_bus, _delete_bus, props="EventSourceName Description Tags", required="Name")
kind(
    "AWS::Events::EventBusPolicy", _put_bus_policy, _delete_bus_policy, _put_bus_policy,
    props="Statement Action Principal Condition", required="StatementId", fixed="StatementId EventBusName",
)  # fmt: skip
kind(
    "AWS::Events::Archive", _create_archive, _delete_archive, _update_archive,
    props="Description EventPattern RetentionDays", required="SourceArn", fixed="ArchiveName SourceArn",
)  # fmt: skip
kind(
    "AWS::Scheduler::Schedule", _create_schedule, _delete_schedule, _update_schedule,
    props=_SCHEDULE, required="FlexibleTimeWindow ScheduleExpression Target", fixed="Name GroupName",
)  # fmt: skip
kind("AWS::Scheduler::ScheduleGroup", _create_schedule_group, _delete_schedule_group, props="Name")
