"""CloudWatch: alarms, composite alarms, dashboards, anomaly detectors."""

from __future__ import annotations

from sandbox.deployment.kind import Api, ResourceError, Steps, Work, kind

_ALARM = (
    "ActionsEnabled AlarmActions AlarmDescription ComparisonOperator DatapointsToAlarm Dimensions "
    "EvaluateLowSampleCountPercentile "
    "EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags "
    "Threshold ThresholdMetricId TreatMissingData Unit"
)
_COMPOSITE = (
    "ActionsEnabled AlarmActions AlarmDescription AlarmRule InsufficientDataActions OKActions ActionsSuppressor "
    "ActionsSuppressorWaitPeriod ActionsSuppressorExtensionPeriod Tags"
)


def _put_alarm(work: Work) -> Steps:
    yield from _put(work, "PutMetricAlarm", _ALARM)


def _put_composite(work: Work) -> Steps:
    yield from _put(work, "PutCompositeAlarm", _COMPOSITE)


def _put(work: Work, operation: str, names: str) -> Steps:
    work.physical_id = work.physical_id or work.name("AlarmName", 255)
    work.only(Arn=work.arn("cloudwatch", f"alarm:{work.physical_id}"))
    tags = {"Tags": work.tag_list()} if work.all_tags() else {}
    yield Api("cloudwatch", operation, {"AlarmName": work.physical_id, **work.pick(*names.split()), **tags})


def _read_alarm(work: Work) -> Steps:
    answer = yield Api("cloudwatch", "DescribeAlarms", {"AlarmNames": [work.physical_id]})
    if not answer.get("MetricAlarms"):
        raise ResourceError(f"Alarm {work.physical_id} does not exist")
    held = answer["MetricAlarms"][0]
    work.attributes["drift"] = {name: held.get(name) for name in _ALARM.split() if name not in ("Tags", "Metrics")}


def _delete_alarm(work: Work) -> Steps:
    yield Api("cloudwatch", "DeleteAlarms", {"AlarmNames": [work.physical_id]})


def _put_dashboard(work: Work) -> Steps:
    work.physical_id = work.physical_id or work.name("DashboardName", 255)
    yield Api("cloudwatch", "PutDashboard", {"DashboardName": work.physical_id, **work.pick("DashboardBody")})


def _delete_dashboard(work: Work) -> Steps:
    yield Api("cloudwatch", "DeleteDashboards", {"DashboardNames": [work.physical_id]})


kind(
    "AWS::CloudWatch::Alarm",
    _put_alarm,
    _delete_alarm,
    _put_alarm,
    read=_read_alarm,
    props=_ALARM,
    required="ComparisonOperator",
    fixed="AlarmName",
)
kind(
    "AWS::CloudWatch::CompositeAlarm",
    _put_composite,
    _delete_alarm,
    _put_composite,
    props=_COMPOSITE,
    required="AlarmRule",
    fixed="AlarmName",
)
kind(
    "AWS::CloudWatch::Dashboard",
    _put_dashboard,
    _delete_dashboard,
    _put_dashboard,
    required="DashboardBody",
    fixed="DashboardName",
)
