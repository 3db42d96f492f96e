"""CloudWatch's alarm operations over the account's own alarms (``telemetry.alarms``); moto stores alarms and evaluates none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.control_plane.alarm_params import checked_composite, checked_metric
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.telemetry.alarm import Alarm
from sandbox.telemetry.alarm_history import Item
from sandbox.telemetry.alarms import Alarms, state_named

Result = dict[str, Any]
_PAGE = 100
_Handler = Callable[[dict[str, Any], str, str], "Result | None"]


class AlarmApi:
    """Each method takes botocore's parameters, the account and the Region."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms

    def put_metric_alarm(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        return self._put(checked_metric(params), params, account_id, region)

    def put_composite_alarm(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        return self._put(checked_composite(params), params, account_id, region)

    def _put(self, checked: dict[str, Any], params: dict[str, Any], account_id: str, region: str) -> Result:
        known = self._alarms.find(account_id, region, params["AlarmName"])
        alarm = self._alarms.put(account_id, region, checked)
        if known is None:
            alarm.tags.update({row["Key"]: row.get("Value", "") for row in params.get("Tags", ())})
        return {}

    def describe_alarms(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        """Without ``AlarmTypes`` only metric alarms, as documented, unless alarms are asked for by name."""
        types = params.get("AlarmTypes") or ["MetricAlarm"]
        if params.get("AlarmNames") and params.get("AlarmNamePrefix"):
            raise AwsError("ValidationError", "AlarmNamePrefix and AlarmNames cannot be specified together.")
        chosen = [alarm for alarm in self._related(params, account_id, region) if _matches(alarm, params)]
        chosen = [alarm for alarm in chosen if alarm.kind in types]
        page, more = _page(sorted(chosen, key=lambda alarm: alarm.name), params)
        return {
            "MetricAlarms": [metric_row(alarm) for alarm in page if not alarm.composite],
            "CompositeAlarms": [composite_row(alarm) for alarm in page if alarm.composite],
            **more,
        }

    def _related(self, params: dict[str, Any], account_id: str, region: str) -> list[Alarm]:
        child_of, parent_of = params.get("ChildrenOfAlarmName"), params.get("ParentsOfAlarmName")
        if not child_of and not parent_of:
            return self._alarms.of(account_id, region)
        alarm = self._known(child_of or parent_of or "", account_id, region)
        if parent_of:
            return self._alarms.parents(alarm)
        names = self._alarms.children(alarm)
        return [found for found in self._alarms.of(account_id, region) if found.name in names]

    def describe_alarms_for_metric(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        wanted = sorted((row["Name"], row["Value"]) for row in params.get("Dimensions", ()))
        same = ("MetricName", "Namespace", *(name for name in ("Statistic", "Period", "Unit") if name in params))
        rows = []
        for alarm in self._alarms.of(account_id, region):
            has = sorted((row["Name"], row["Value"]) for row in alarm.params.get("Dimensions", ()))
            if all(alarm.params.get(name) == params[name] for name in same) and has == wanted:
                rows.append(metric_row(alarm))
        return {"MetricAlarms": rows}

    def delete_alarms(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        """All or none; a composite alarm must not lose an alarm it names."""
        names = params["AlarmNames"]
        found = [alarm for name in names if (alarm := self._alarms.find(account_id, region, name)) is not None]
        if len(found) < len(set(names)) and len(names) > 1:
            missing = [name for name in names if self._alarms.find(account_id, region, name) is None]
            raise AwsError("ResourceNotFound", f"The following alarms do not exist: [{', '.join(missing)}]", 404)
        for alarm in found:
            parents = [parent.name for parent in self._alarms.parents(alarm) if parent.name not in names]
            if parents:
                message = f"Cannot delete {alarm.name} as there are composite alarm(s): [{', '.join(parents)}] depending on it."
                raise AwsError("ValidationError", message)
        for alarm in found:
            self._alarms.delete(alarm)
        return {}

    def set_alarm_state(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        alarm = self._known(params["AlarmName"], account_id, region)
        data = _document(params.get("StateReasonData", ""))
        self._alarms.set_state(alarm, state_named(params["StateValue"]), params["StateReason"], data)
        return {}

    def enable_alarm_actions(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        return self._switch(params, account_id, region, on=True)

    def disable_alarm_actions(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        return self._switch(params, account_id, region, on=False)

    def _switch(self, params: dict[str, Any], account_id: str, region: str, *, on: bool) -> Result:
        for name in params["AlarmNames"]:
            alarm = self._alarms.find(account_id, region, name)
            if alarm is not None:
                alarm.params["ActionsEnabled"] = on
        return {}

    def describe_alarm_history(self, params: dict[str, Any], account_id: str, region: str) -> Result:
        rows = [item for item in self._alarms.history.items if (item.account_id, item.region) == (account_id, region)]
        rows = [item for item in rows if _in_history(item, params)]
        if params.get("ScanBy") != "TimestampAscending":
            rows.reverse()
        page, more = _page(rows, params)
        return {"AlarmHistoryItems": [_history_row(item) for item in page], **more}

    # -- tags; of anything else moto keeps them

    def list_tags_for_resource(self, params: dict[str, Any], account_id: str, region: str) -> Result | None:
        alarm = self._tagged(params, account_id, region)
        return None if alarm is None else {"Tags": [{"Key": key, "Value": value} for key, value in alarm.tags.items()]}

    def tag_resource(self, params: dict[str, Any], account_id: str, region: str) -> Result | None:
        alarm = self._tagged(params, account_id, region)
        if alarm is None:
            return None
        alarm.tags.update({row["Key"]: row["Value"] for row in params["Tags"]})
        return {}

    def untag_resource(self, params: dict[str, Any], account_id: str, region: str) -> Result | None:
        alarm = self._tagged(params, account_id, region)
        if alarm is None:
            return None
        for key in params["TagKeys"]:
            alarm.tags.pop(key, None)
        return {}

    def _tagged(self, params: dict[str, Any], account_id: str, region: str) -> Alarm | None:
        _, found, name = params["ResourceARN"].partition(":alarm:")
        return self._known(name, account_id, region) if found else None

    def _known(self, name: str, account_id: str, region: str) -> Alarm:
        alarm = self._alarms.find(account_id, region, name)
        if alarm is None:
            raise AwsError("ResourceNotFound", f"Alarm with name [{name}] does not exist", 404)
        return alarm


def metric_row(alarm: Alarm) -> Result:
    """A ``MetricAlarm``."""
    hidden = () if "Metrics" in alarm.params else ("Metrics",)
    row = {key: value for key, value in alarm.params.items() if key not in hidden}
    return {"Dimensions": [], **row, **_state(alarm)} if "MetricName" in row else {**row, **_state(alarm)}


def composite_row(alarm: Alarm) -> Result:
    """A ``CompositeAlarm``."""
    row = {**alarm.params, **_state(alarm)}
    if alarm.suppressed_by:
        row |= {"ActionsSuppressedBy": alarm.suppressed_by, "ActionsSuppressedReason": alarm.suppressed_reason}
    return row


def _state(alarm: Alarm) -> Result:
    standing = alarm.standing
    row: Result = {
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": _moment(alarm.configured),
        "StateValue": standing.value,
        "StateReason": standing.reason,
        "StateUpdatedTimestamp": _moment(standing.at),
        "StateTransitionedTimestamp": _moment(alarm.transitioned),
    }
    return row | ({"StateReasonData": json.dumps(standing.data, separators=(",", ":"))} if standing.data else {})


def _matches(alarm: Alarm, params: dict[str, Any]) -> bool:
    names, prefix, action = params.get("AlarmNames"), params.get("AlarmNamePrefix", ""), params.get("ActionPrefix", "")
    state = params.get("StateValue")
    actions = (one for kind in ("OKActions", "AlarmActions", "InsufficientDataActions") for one in alarm.params.get(kind, ()))
    return (
        (not names or alarm.name in names)
        and alarm.name.startswith(prefix)
        and (not state or alarm.standing.value == state)
        and (not action or any(one.startswith(action) for one in actions))
    )


def _in_history(item: Item, params: dict[str, Any]) -> bool:
    types = params.get("AlarmTypes") or ["MetricAlarm", "CompositeAlarm"]
    return (
        params.get("AlarmName", item.name) == item.name
        and item.alarm_type in types
        and params.get("HistoryItemType", item.kind) == item.kind
        and ("StartDate" not in params or _epoch(params["StartDate"]) <= item.at)
        and ("EndDate" not in params or item.at <= _epoch(params["EndDate"]))
    )


def _history_row(item: Item) -> Result:
    return {
        "AlarmName": item.name,
        "AlarmType": item.alarm_type,
        "Timestamp": _moment(item.at),
        "HistoryItemType": item.kind,
        "HistorySummary": item.summary,
        "HistoryData": item.data,
    }


def _page(rows: list[Any], params: dict[str, Any]) -> tuple[list[Any], Result]:
    token = str(params.get("NextToken") or "0")
    if not token.isdigit():
        raise AwsError("InvalidNextToken", "The next token specified is invalid.")
    start, size = int(token), int(params.get("MaxRecords") or _PAGE)
    more = {"NextToken": str(start + size)} if start + size < len(rows) else {}
    return rows[start : start + size], more


def _document(text: str) -> Result:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AwsError("InvalidFormat", "StateReasonData is not a JSON object.")
    return found


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _epoch(value: Any) -> float:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def install(services: Services, alarms: Alarms) -> None:
    api = AlarmApi(alarms)
    for operation, handler in {
        "PutMetricAlarm": api.put_metric_alarm,
        "PutCompositeAlarm": api.put_composite_alarm,
        "DescribeAlarms": api.describe_alarms,
        "DescribeAlarmsForMetric": api.describe_alarms_for_metric,
        "DeleteAlarms": api.delete_alarms,
        "SetAlarmState": api.set_alarm_state,
        "EnableAlarmActions": api.enable_alarm_actions,
        "DisableAlarmActions": api.disable_alarm_actions,
        "DescribeAlarmHistory": api.describe_alarm_history,
        "ListTagsForResource": api.list_tags_for_resource,
        "TagResource": api.tag_resource,
        "UntagResource": api.untag_resource,
    }.items():
        services.override("cloudwatch", operation, _plain(handler))


def _plain(handler: _Handler) -> Callable[[ParsedCall, HttpRequest, str, str, Principal | None], Result | None]:
    return lambda call, _request, account_id, region, _principal: handler(call.params, account_id, region)
