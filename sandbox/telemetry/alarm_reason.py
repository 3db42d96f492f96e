"""Why an alarm is in its state, in CloudWatch's words (recorded ``StateReason`` and ``StateReasonData``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.telemetry.alarm import Alarm, stamp
from sandbox.telemetry.alarm_verdict import Point, Verdict

_COMPARED = {
    "GreaterThanThreshold": "greater than the threshold",
    "GreaterThanOrEqualToThreshold": "greater than or equal to the threshold",
    "LessThanThreshold": "less than the threshold",
    "LessThanOrEqualToThreshold": "less than or equal to the threshold",
    "GreaterThanUpperThreshold": "greater than the upper thresholds",
    "LessThanLowerThreshold": "less than the lower thresholds",
    "LessThanLowerOrGreaterThanUpperThreshold": "less than the lower thresholds or greater than the upper thresholds",
}
_FILLED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}
_INLINE_MAX = 3  # more datapoints are named in a sentence of their own


def reason(alarm: Alarm, verdict: Verdict) -> str:
    params = alarm.params
    periods = int(params["EvaluationPeriods"])
    if verdict.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_plural(periods, 'datapoint')} {_were(periods)} unknown."
    treated = _FILLED.get(params.get("TreatMissingData", ""), "")
    made_up = f"{_plural(verdict.filled, 'missing datapoint')} {_were(verdict.filled)} treated as [{treated}]"
    if not verdict.points:
        received = f"no datapoints were received for {_plural(periods, 'period')}"
        return f"Threshold Crossed: {received} and {made_up}."
    crossed = _crossed(alarm, verdict)
    return f"Threshold Crossed: {crossed} and {made_up}." if verdict.filled else f"Threshold Crossed: {crossed}"


def reason_data(alarm: Alarm, verdict: Verdict, newest_first: Sequence[Point], now: float) -> dict[str, Any]:
    params = alarm.params
    data: dict[str, Any] = {"version": "1.0", "queryDate": stamp(now)}
    if verdict.points:
        data["startDate"] = stamp(verdict.points[-1].at)
    if params.get("Unit"):
        data["unit"] = params["Unit"]
    if params.get("Statistic") or params.get("ExtendedStatistic"):
        data["statistic"] = params.get("Statistic") or params["ExtendedStatistic"]
    data |= {"period": alarm.period, "recentDatapoints": [point.value for point in reversed(verdict.points)]}
    if "Threshold" in params:
        data["threshold"] = float(params["Threshold"])
    elif verdict.points and verdict.points[0].edges:
        data["recentUpperThresholds"] = [point.edges[0] for point in reversed(verdict.points) if point.edges]
        data["recentLowerThresholds"] = [point.edges[1] for point in reversed(verdict.points) if point.edges]
    shown = newest_first[: int(params["EvaluationPeriods"])] if verdict.filled or not verdict.points else verdict.points
    data["evaluatedDatapoints"] = [_evaluated(point) for point in shown]
    return data


def _crossed(alarm: Alarm, verdict: Verdict) -> str:
    params = alarm.params
    periods, needed = int(params["EvaluationPeriods"]), int(params.get("DatapointsToAlarm") or params["EvaluationPeriods"])
    alarming = verdict.state == "ALARM"
    named = [point for point in verdict.points if point.breaching == alarming] or list(verdict.points)
    count = len(named)
    compared = f"{_were(count)}{'' if alarming else ' not'} {_COMPARED[params['ComparisonOperator']]}{_threshold(params, named)}"
    listed = ", ".join(f"{point.value} ({_short(point.at)})" for point in named)
    if "DatapointsToAlarm" in params:
        least = needed if alarming else periods - needed + 1
        change = "OK -> ALARM" if alarming else "ALARM -> OK"
        tail = f" (minimum {_plural(least, 'datapoint')} for {change} transition)"
        text = f"{count} out of the last {periods} datapoints [{listed}] {compared}{tail}"
    elif count > _INLINE_MAX:
        which = "The most recent datapoints which crossed the threshold" if alarming else "The most recent datapoints"
        return f"{_plural(count, 'datapoint')} {compared}. {which}: [{listed}]" + ("" if verdict.filled else ".")
    else:
        text = f"{_plural(count, 'datapoint')} [{listed}] {compared}"
    return text if verdict.filled else text + "."


def _threshold(params: dict[str, Any], named: Sequence[Point]) -> str:
    if "Threshold" in params:
        return f" ({float(params['Threshold'])})"
    edges = [point.edges for point in named if point.edges]
    operator = params["ComparisonOperator"]
    side = 1 if operator == "LessThanLowerThreshold" else 0
    return f" [{', '.join(str(edge[side]) for edge in edges)}]" if edges else ""


def _evaluated(point: Point) -> dict[str, Any]:
    row: dict[str, Any] = {"timestamp": stamp(point.at)}
    if point.value is not None:
        row |= ({"sampleCount": float(point.count)} if point.count else {}) | {"value": point.value}
    return row


def _short(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d/%m/%y %H:%M:%S")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
