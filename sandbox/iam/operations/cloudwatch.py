"""CloudWatch. Metrics have no resource types; ``cloudwatch:namespace`` narrows PutMetricData."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, ResourceOf, Rules, by_each, by_name, everything, given, table
from sandbox.iam.verdict import Check, ContextValue


def _put_metric_data(request: Request) -> Iterable[Check]:
    return [request.own("*", {"cloudwatch:namespace": request.text("Namespace")})]


def _put_alarm(request: Request) -> Iterable[Check]:
    context: dict[str, ContextValue | None] = {"cloudwatch:AlarmActions": request.texts("AlarmActions")}
    return [request.own(request.arn(f"alarm:{request.text('AlarmName')}"), context)]


def _alarm_or_all(request: Request) -> str:
    return request.arn(f"alarm:{request.text('AlarmName') or '*'}")


def _dashboard(*names: str) -> ResourceOf:
    def resource_of(request: Request) -> str | list[str]:
        each = request.texts(names[0])
        arns = [request.arn(f"dashboard/{name}", region="") for name in each]
        return arns or request.arn(f"dashboard/{request.text(*names)}", region="")

    return resource_of


def _metric_stream(request: Request) -> Iterable[Check]:
    arn = request.arn(f"metric-stream/{request.text('Name')}")
    return [request.own(arn), *request.pass_role(request.text("RoleArn"), "streams.metrics.cloudwatch.amazonaws.com", arn)]


RULES: Rules = {
    **table(
        {
            by_each("alarm:{}", "AlarmNames"): "DeleteAlarms DescribeAlarms DisableAlarmActions EnableAlarmActions",
            by_name("alarm:{}", "AlarmName"): "DescribeAlarmContributors SetAlarmState",
            _alarm_or_all: "DescribeAlarmHistory",
            by_name("alarm-mute-rule:{}", "AlarmMuteRuleName", "Name"): "DeleteAlarmMuteRule GetAlarmMuteRule PutAlarmMuteRule",
            _dashboard("DashboardNames", "DashboardName"): "DeleteDashboards GetDashboard PutDashboard",
            by_each("insight-rule/{}", "RuleNames"): "DeleteInsightRules DisableInsightRules EnableInsightRules",
            by_name("insight-rule/{}", "RuleName"): "GetInsightRuleReport PutInsightRule",
            by_name("metric-stream/{}", "Name"): "DeleteMetricStream GetMetricStream",
            by_each("metric-stream/{}", "Names"): "StartMetricStreams StopMetricStreams",
            given("ResourceARN"): "ListTagsForResource TagResource UntagResource",
            everything: (
                "DeleteAnomalyDetector DescribeAlarmsForMetric DescribeAnomalyDetectors DescribeInsightRules GetMetricData "
                "GetMetricStatistics GetMetricWidgetImage ListAlarmMuteRules ListDashboards ListManagedInsightRules "
                "ListMetricStreams ListMetrics PutAnomalyDetector PutManagedInsightRules"
            ),
        }
    ),
    "PutMetricData": _put_metric_data,
    "PutMetricAlarm": _put_alarm,
    "PutCompositeAlarm": _put_alarm,
    "PutLogAlarm": _put_alarm,
    "PutMetricStream": _metric_stream,
}
