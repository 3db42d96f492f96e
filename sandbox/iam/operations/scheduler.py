"""EventBridge Scheduler."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check


def _schedule(request: Request) -> str:
    return request.arn(f"schedule/{request.text('GroupName') or 'default'}/{request.text('Name')}")


def _write(request: Request) -> Iterable[Check]:
    arn = _schedule(request)
    role = str(request.part("Target").get("RoleArn") or "")
    return [request.own(arn), *request.pass_role(role, "scheduler.amazonaws.com", arn)]


def _delete_group(request: Request) -> Iterable[Check]:
    """Deleting a group deletes its schedules."""
    name = request.text("Name")
    return [
        request.own(request.arn(f"schedule-group/{name}")),
        request.check("DeleteSchedule", request.arn(f"schedule/{name}/*")),
    ]


RULES: Rules = {
    **table(
        {
            _schedule: "DeleteSchedule GetSchedule",
            by_name("schedule-group/{}", "Name"): "CreateScheduleGroup GetScheduleGroup",
            given("ResourceArn"): "ListTagsForResource TagResource UntagResource",
            everything: "ListScheduleGroups ListSchedules",
        }
    ),
    "CreateSchedule": _write,
    "UpdateSchedule": _write,
    "DeleteScheduleGroup": _delete_group,
}
