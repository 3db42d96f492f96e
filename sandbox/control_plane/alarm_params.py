"""What PutMetricAlarm and PutCompositeAlarm accept, in CloudWatch's words where they are known (API reference)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.errors import AwsError
from sandbox.telemetry.metric_statistic import PLAIN, percent_of

NAME_CHARS_MAX = 255
ACTIONS_MAX = 5
METRICS_MAX = 20
_DAY_S = 86_400
_WEEK_S = 7 * _DAY_S
_HIGH_RESOLUTION = (10, 20, 30)
_SCALAR = ("GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold")
_BAND = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
_MISSING = ("breaching", "notBreaching", "ignore", "missing")
_LOW_SAMPLES = ("evaluate", "ignore")
_KEPT_OUT = ("Tags",)
_UNSUPPORTED = ("EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria", "EvaluationInterval", "ActionConfiguration")


def checked_metric(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters to keep; ValidationError or its relatives for what CloudWatch refuses."""
    _check_supported(params)
    _check_shared(params)
    _check_numbers(params)
    if "Metrics" in params:
        _check_queries(params)
    else:
        _check_statistic(params)
        period = int(params.get("Period", 0))
        if not params.get("MetricName") or not params.get("Namespace"):
            raise AwsError("ValidationError", "At least one of MetricName and Metrics must be specified")
        _check_period(period)
        _check_span(period, int(params["EvaluationPeriods"]))
    return _kept(params) | {"EvaluationPeriods": int(params["EvaluationPeriods"])}


def checked_composite(params: Mapping[str, Any]) -> dict[str, Any]:
    _check_supported(params)
    _check_shared(params)
    if params.get("ActionsSuppressor"):
        for name in ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"):
            if name not in params:
                raise AwsError("ValidationError", f"{name} is required when ActionsSuppressor is specified.")
    elif "ActionsSuppressorWaitPeriod" in params or "ActionsSuppressorExtensionPeriod" in params:
        raise AwsError("ValidationError", "ActionsSuppressor is required when one of its periods is specified.")
    return _kept(params)


def _kept(params: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in params.items() if key not in _KEPT_OUT}
    for actions in ("OKActions", "AlarmActions", "InsufficientDataActions"):
        kept.setdefault(actions, [])
    kept["ActionsEnabled"] = params.get("ActionsEnabled", True) in (True, "true", "True")
    for name in ("Period", "DatapointsToAlarm"):
        if name in kept:
            kept[name] = int(kept[name])
    if "Threshold" in kept:
        kept["Threshold"] = float(kept["Threshold"])
    return kept


def _check_supported(params: Mapping[str, Any]) -> None:
    for name in _UNSUPPORTED:
        if params.get(name):
            raise AwsError("ValidationError", f"This account does not evaluate alarms with {name}; leave it out.")


def _check_shared(params: Mapping[str, Any]) -> None:
    name = params["AlarmName"]
    if not name or len(name) > NAME_CHARS_MAX:
        problem = f"Value at 'alarmName' failed to satisfy constraint: Member must have length from 1 to {NAME_CHARS_MAX}"
        raise AwsError("ValidationError", f"1 validation error detected: {problem}")
    for kind in ("OKActions", "AlarmActions", "InsufficientDataActions"):
        actions = params.get(kind, [])
        if len(actions) > ACTIONS_MAX:
            problem = f"Value at '{kind[0].lower()}{kind[1:]}' failed to satisfy constraint"
            raise AwsError("ValidationError", f"1 validation error detected: {problem}: Member must have at most {ACTIONS_MAX}")
        for action in actions:
            if not action.startswith("arn:"):
                raise AwsError("ValidationError", f"Invalid arn syntax: {action}")


def _check_numbers(params: Mapping[str, Any]) -> None:
    comparison = params.get("ComparisonOperator")
    if comparison not in (*_SCALAR, *_BAND):
        raise _enum("comparisonOperator", comparison, (*_SCALAR, *_BAND))
    missing = params.get("TreatMissingData")
    if missing is not None and missing not in _MISSING:
        raise _enum("treatMissingData", missing, _MISSING)
    periods = int(params.get("EvaluationPeriods") or 0)
    if periods < 1:
        raise AwsError("ValidationError", "The parameter EvaluationPeriods is required and at least 1.")
    needed = params.get("DatapointsToAlarm")
    if needed is not None and not 1 <= int(needed) <= periods:
        raise AwsError("ValidationError", "DatapointsToAlarm must be at least 1 and not more than EvaluationPeriods.")
    if comparison in _BAND:
        if "ThresholdMetricId" not in params or "Metrics" not in params:
            raise AwsError("ValidationError", f"{comparison} takes Metrics and a ThresholdMetricId, no Threshold.")
    elif "Threshold" not in params:
        raise AwsError("ValidationError", "The parameter Threshold is required.")


def _check_statistic(params: Mapping[str, Any]) -> None:
    plain, extended = params.get("Statistic"), params.get("ExtendedStatistic")
    if bool(plain) == bool(extended):
        raise AwsError("ValidationError", "Exactly one of Statistic and ExtendedStatistic must be specified.")
    if plain and plain not in PLAIN:
        raise _enum("statistic", plain, PLAIN)
    if extended:
        percent_of(extended)
    low = params.get("EvaluateLowSampleCountPercentile")
    if low is not None and low not in _LOW_SAMPLES:
        raise _enum("evaluateLowSampleCountPercentile", low, _LOW_SAMPLES)


def _check_period(period: int) -> None:
    if period not in _HIGH_RESOLUTION and (period <= 0 or period % 60):
        raise AwsError("ValidationError", "Period must be 10, 20, 30 or a multiple of 60.")


def _check_span(period: int, periods: int) -> None:
    span = period * periods
    if span > _WEEK_S or (span > _DAY_S and period < 3_600):
        raise AwsError(
            "ValidationError", "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."
        )


def _check_queries(params: Mapping[str, Any]) -> None:
    if any(name in params for name in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period")):
        raise AwsError("ValidationError", "Metrics cannot be given together with MetricName, Statistic, Dimensions or Period.")
    queries: Sequence[Mapping[str, Any]] = params["Metrics"]
    if not 1 <= len(queries) <= METRICS_MAX:
        raise AwsError("ValidationError", f"An alarm takes 1 to {METRICS_MAX} metrics and expressions.")
    names = [query["Id"] for query in queries]
    if len(set(names)) != len(names):
        raise AwsError("ValidationError", "The ids of metrics and expressions must be unique in an alarm.")
    band = params.get("ThresholdMetricId")
    if band and band not in names:
        raise AwsError("ValidationError", f"ThresholdMetricId {band} is not the id of one of the Metrics.")
    returned = [query for query in queries if query.get("ReturnData", True) and query["Id"] != band]
    if len(returned) != 1:
        raise AwsError("ValidationError", "Exactly one element of the metrics list should return data.")
    for query in queries:
        _check_query(query, int(params["EvaluationPeriods"]))


def _check_query(query: Mapping[str, Any], periods: int) -> None:
    stat = query.get("MetricStat")
    if bool(stat) == bool(query.get("Expression")):
        raise AwsError("ValidationError", f"{query['Id']} must have either a MetricStat or an Expression.")
    if stat:
        _check_period(int(stat["Period"]))
        _check_span(int(stat["Period"]), periods)
        if stat["Stat"] not in PLAIN:
            percent_of(stat["Stat"])
    elif str(query["Expression"]).lstrip().upper().startswith("SELECT "):
        raise AwsError("ValidationError", "This account does not evaluate Metrics Insights queries in alarms.")


def _enum(member: str, value: Any, allowed: Sequence[str]) -> AwsError:
    problem = f"Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set"
    return AwsError("ValidationError", f"1 validation error detected: {problem}: [{', '.join(allowed)}]")
