"""What an alarm tells others: the message to a topic, the payload of a function, the event on the bus.

Shapes: recorded SNS messages of metric alarms; CloudWatch user guide, "Invoke a Lambda function from an alarm" and "Alarm events
and EventBridge".
"""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sandbox.telemetry.alarm import Alarm, Standing, stamp

_REGIONS = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ca-central-1": "Canada (Central)",
    "eu-central-1": "EU (Frankfurt)",
    "eu-north-1": "EU (Stockholm)",
    "eu-south-1": "EU (Milan)",
    "eu-west-1": "EU (Ireland)",
    "eu-west-2": "EU (London)",
    "eu-west-3": "EU (Paris)",
    "sa-east-1": "South America (Sao Paulo)",
}


def subject(alarm: Alarm, new: Standing) -> str:
    """SNS allows 100 characters."""
    return f'{new.value}: "{alarm.name}" in {_REGIONS.get(alarm.region, alarm.region)}'[:100]


def topic_message(alarm: Alarm, old: Standing, new: Standing) -> str:
    params = alarm.params
    message: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": params.get("AlarmDescription"),
        "AWSAccountId": alarm.account_id,
        "AlarmConfigurationUpdatedTimestamp": stamp(alarm.configured),
        "NewStateValue": new.value,
        "NewStateReason": new.reason,
        "StateChangeTime": stamp(new.at),
        "Region": _REGIONS.get(alarm.region, alarm.region),
        "AlarmArn": alarm.arn,
        "OldStateValue": old.value,
        "OKActions": params.get("OKActions", []),
        "AlarmActions": params.get("AlarmActions", []),
        "InsufficientDataActions": params.get("InsufficientDataActions", []),
    }
    if alarm.composite:
        message |= {"AlarmRule": params["AlarmRule"], "NewStateReasonData": json.dumps(new.data)}
        message["TriggeringChildren"] = [
            {"Arn": row["arn"], "State": {"Value": row["state"]["value"], "Timestamp": row["state"]["timestamp"]}}
            for row in new.data.get("triggeringAlarms", ())
        ]
    else:
        message["Trigger"] = _trigger(params)
    return json.dumps(message)


def function_payload(alarm: Alarm, old: Standing, new: Standing) -> dict[str, Any]:
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm.arn,
        "accountId": alarm.account_id,
        "time": stamp(new.at),
        "region": alarm.region,
        "alarmData": _detail(alarm, old, new),
    }


def bus_event(alarm: Alarm, old: Standing, new: Standing) -> dict[str, Any]:
    """Everything but the event's id, which the bus gives."""
    return {
        "version": "0",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": alarm.account_id,
        "time": stamp(new.at)[:19] + "Z",
        "region": alarm.region,
        "resources": [alarm.arn],
        "detail": _detail(alarm, old, new),
    }


def _detail(alarm: Alarm, old: Standing, new: Standing) -> dict[str, Any]:
    state = _state(new)
    if alarm.suppressed_by:
        state |= {"actionsSuppressedBy": alarm.suppressed_by, "actionsSuppressedReason": alarm.suppressed_reason}
    return {
        "alarmName": alarm.name,
        "state": state,
        "previousState": _state(old),
        "configuration": _configuration(alarm),
    }


def _state(standing: Standing) -> dict[str, Any]:
    state: dict[str, Any] = {"value": standing.value, "reason": standing.reason}
    if standing.data:
        state["reasonData"] = json.dumps(standing.data, separators=(",", ":"))
    return state | {"timestamp": stamp(standing.at)}


def _configuration(alarm: Alarm) -> dict[str, Any]:
    params = alarm.params
    described = {"description": params["AlarmDescription"]} if params.get("AlarmDescription") else {}
    if alarm.composite:
        suppressor = {
            "actionsSuppressor": "ActionsSuppressor",
            "actionsSuppressorWaitPeriod": "ActionsSuppressorWaitPeriod",
            "actionsSuppressorExtensionPeriod": "ActionsSuppressorExtensionPeriod",
        }
        chosen = {name: params[member] for name, member in suppressor.items() if member in params}
        return {"alarmRule": params["AlarmRule"], **chosen, **described}
    if "MetricName" in params:
        metrics = [{"id": str(uuid5(NAMESPACE_URL, alarm.arn)), "metricStat": _metric_stat(params, params), "returnData": True}]
    else:
        metrics = [_query(query) for query in params["Metrics"]]
    return {**described, "metrics": metrics}


def _query(query: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": query["Id"]}
    for name, member in (("expression", "Expression"), ("label", "Label"), ("period", "Period")):
        if member in query:
            found[name] = query[member]
    if "MetricStat" in query:
        found["metricStat"] = _metric_stat(query["MetricStat"]["Metric"], query["MetricStat"])
    return found | {"returnData": query.get("ReturnData", True)}


def _metric_stat(metric: dict[str, Any], stat: dict[str, Any]) -> dict[str, Any]:
    dimensions = {row["Name"]: row["Value"] for row in metric.get("Dimensions", ())}
    found = {
        "metric": {"namespace": metric["Namespace"], "name": metric["MetricName"], "dimensions": dimensions},
        "period": stat["Period"],
        "stat": stat.get("Stat") or stat.get("Statistic") or stat.get("ExtendedStatistic"),
    }
    return found | ({"unit": stat["Unit"]} if stat.get("Unit") else {})


def _trigger(params: dict[str, Any]) -> dict[str, Any]:
    shared = {
        "EvaluationPeriods": params["EvaluationPeriods"],
        **({"DatapointsToAlarm": params["DatapointsToAlarm"]} if "DatapointsToAlarm" in params else {}),
        "ComparisonOperator": params["ComparisonOperator"],
        **({"Threshold": params["Threshold"]} if "Threshold" in params else {}),
        "TreatMissingData": params.get("TreatMissingData", ""),
        "EvaluateLowSampleCountPercentile": params.get("EvaluateLowSampleCountPercentile", ""),
    }
    if "MetricName" not in params:
        return {**shared, "Metrics": params["Metrics"]}
    extended = params.get("ExtendedStatistic")
    return {
        "MetricName": params["MetricName"],
        "Namespace": params["Namespace"],
        "StatisticType": "ExtendedStatistic" if extended else "Statistic",
        **({"ExtendedStatistic": extended} if extended else {"Statistic": params["Statistic"].upper()}),
        "Unit": params.get("Unit"),
        "Dimensions": [{"value": row["Value"], "name": row["Name"]} for row in params.get("Dimensions", ())],
        "Period": params["Period"],
        **shared,
    }
