"""EventBridge Scheduler's schedules: kept by moto, checked before they are stored, and made to work after.

Refusals in the Scheduler's words (localstack/localstack tests/aws/services/scheduler/test_scheduler.snapshot.json).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.arn import Arn
from sandbox.control_plane.protocol import model
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.control_plane.world import World
from sandbox.errors import AwsError, InternalError
from sandbox.http_message import HttpResponse
from sandbox.triggers.event_target import DELIVERED
from sandbox.triggers.schedule_expression import ScheduleError, parse_any
from sandbox.triggers.scheduled_target import UNIVERSAL, call_of
from sandbox.triggers.scheduler import Scheduled, Scheduler, zone

Trusts = Callable[[str, str], bool]
"""Whether a role's trust policy lets a service assume it."""

_CHANGES = ("CreateSchedule", "UpdateSchedule", "DeleteSchedule", "DeleteScheduleGroup")
_SERVICE = "scheduler.amazonaws.com"


class MotoSchedules:
    """Implements ``sandbox.triggers.scheduler.ScheduleState``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def schedules(self) -> list[Scheduled]:
        if not self._world.known("scheduler"):
            return []
        with self._world.entered():
            return [
                _scheduled(row)
                for regions in dict(self._world.backends("scheduler")).values()
                for backend in dict(regions).values()
                for group in backend.schedule_groups.values()
                for row in group.schedules.values()
            ]

    def schedule(self, arn: str) -> Scheduled | None:
        where = Arn.parse(arn)
        _, group, name = where.resource.split("/", 2)
        row = self.row(where.account, where.region, group, name)
        return None if row is None else _scheduled(row)

    def row(self, account_id: str, region: str, group: str, name: str) -> Any:
        found = self.group(account_id, region, group)
        return None if found is None else found.schedules.get(name)

    def group(self, account_id: str, region: str, name: str) -> Any:
        with self._world.entered():
            return self._world.backend("scheduler", account_id, region).schedule_groups.get(name)

    def remove(self, schedule: Scheduled) -> None:
        group = self.group(schedule.account_id, schedule.region, schedule.group)
        if group is not None:
            group.schedules.pop(schedule.name, None)


class Schedules:
    def __init__(self, services: Services, state: MotoSchedules, scheduler: Scheduler, trusts: Trusts) -> None:
        self._state = state
        self._scheduler = scheduler
        self._trusts = trusts
        services.before.setdefault("scheduler", []).append(self._before)
        services.after.setdefault("scheduler", []).append(self._after)
        services.after.setdefault("cloudformation", []).append(self._after_deployment)

    def _before(self, call: ParsedCall, account_id: str, region: str) -> None:
        params = call.params
        if call.operation in ("CreateSchedule", "UpdateSchedule"):
            group = str(params.get("GroupName") or "default")
            if self._state.group(account_id, region, group) is None:
                raise AwsError("ResourceNotFoundException", f"Schedule group {group} does not exist.", 404)
            _check_course(params)
            self._check_target(params.get("Target") or {})
        elif call.operation == "DeleteScheduleGroup":
            name = str(params.get("Name"))
            if name == "default":
                raise AwsError("ValidationException", "Cannot delete default schedule group.")
            if self._state.group(account_id, region, name) is None:
                raise AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)

    def _after(self, call: ParsedCall, account_id: str, region: str, response: HttpResponse) -> None:
        if response.status >= 300 or call.operation not in _CHANGES:
            return
        if call.operation == "UpdateSchedule":  # moto leaves these as they were
            row = self._state.row(account_id, region, str(call.params.get("GroupName") or "default"), str(call.params["Name"]))
            row.action_after_completion = call.params.get("ActionAfterCompletion")
            row.state = call.params.get("State") or "ENABLED"
        self._scheduler.refresh()

    def _after_deployment(self, call: ParsedCall, _account_id: str, _region: str, response: HttpResponse) -> None:
        if response.status < 300 and not call.operation.startswith(("Describe", "List", "Get", "Validate")):
            self._scheduler.refresh()

    def _check_target(self, target: Mapping[str, Any]) -> None:
        arn, role = str(target.get("Arn") or ""), str(target.get("RoleArn") or "")
        if arn.startswith(UNIVERSAL):
            _check_universal(arn, str(target.get("Input") or "{}"))
        else:
            try:
                service = Arn.parse(arn).service
            except ValueError:
                raise _invalid(f"Invalid RequestJson provided. Reason: {arn} is not a valid ARN.") from None
            if service not in DELIVERED or service == "logs":
                raise _invalid(
                    f"Provided Arn is not in correct format. Reason: {service} is not a target this account delivers to."
                )
            if service == "events" and not target.get("EventBridgeParameters"):
                raise _invalid("EventBridgeParameters must be provided for EventBridge target.")
            if arn.endswith(".fifo") and not target.get("SqsParameters"):
                raise _invalid("SqsParameters must be provided for an SQS FIFO queue target.")
        queue = str((target.get("DeadLetterConfig") or {}).get("Arn") or "")
        if queue.endswith(".fifo"):
            raise _invalid("A FIFO queue cannot be the dead-letter queue of a schedule.")
        if not self._trusts(role, _SERVICE):
            raise _invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")


def _check_course(params: Mapping[str, Any]) -> None:
    text, name = str(params.get("ScheduleExpression") or ""), str(params.get("ScheduleExpressionTimezone") or "UTC")
    try:
        here = zone(name)
    except (KeyError, ValueError):
        raise _invalid(f"Provided ScheduleExpressionTimezone {name} is not valid.") from None
    try:
        parse_any(text, here)
    except ScheduleError:
        raise _invalid(f"Invalid Schedule Expression {text}.") from None
    window = params.get("FlexibleTimeWindow") or {}
    if window.get("Mode") == "FLEXIBLE" and not 1 <= int(window.get("MaximumWindowInMinutes") or 0) <= 1440:
        raise _invalid("MaximumWindowInMinutes must be from 1 to 1440 when the mode is FLEXIBLE.")
    if window.get("Mode") == "OFF" and window.get("MaximumWindowInMinutes"):
        raise _invalid("MaximumWindowInMinutes must not be set when the mode is OFF.")


def _check_universal(arn: str, text: str) -> None:
    service, operation = call_of(arn)
    if operation.startswith(("Get", "Describe", "List", "Poll", "Receive", "Search", "Scan", "Query", "Select")):
        raise _invalid(f"{arn} is a read-only API, which is not a target.")
    try:
        known = operation in model(service).operation_names
    except InternalError:
        known = False
    if not known:
        raise _invalid(f"{arn} is not a supported target of this account.")
    try:
        json.loads(text)
    except ValueError:
        raise _invalid("Invalid RequestJson provided. Reason: The input is not valid JSON.") from None


def _scheduled(row: Any) -> Scheduled:
    where, window = Arn.parse(row.arn), row.flexible_time_window or {}
    minutes = float(window.get("MaximumWindowInMinutes") or 0) if window.get("Mode") == "FLEXIBLE" else 0.0
    return Scheduled(
        arn=row.arn,
        name=row.name,
        group=row.group_name,
        account_id=where.account,
        region=where.region,
        expression=row.schedule_expression,
        timezone=row.schedule_expression_timezone or "UTC",
        enabled=row.state != "DISABLED",
        window_s=minutes * 60,
        starts=_moment(row.start_date) or float(row.creation_date),
        ends=_moment(row.end_date),
        delete_after=row.action_after_completion == "DELETE",
        target=dict(row.target),
    )


def _moment(value: Any) -> float:
    if not value:
        return 0.0
    if isinstance(value, int | float):
        return float(value)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
