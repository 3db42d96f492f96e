"""CloudWatch Logs."""

from __future__ import annotations

from sandbox.deployment.kind import Api, Steps, Work, kind


def _create_group(work: Work) -> Steps:
    name = work.name("LogGroupName", 512)
    tags = {"tags": work.all_tags()} if work.all_tags() else {}
    yield Api("logs", "CreateLogGroup", {"logGroupName": name, **work.pick("KmsKeyId", "LogGroupClass"), **tags})
    work.physical_id = name
    work.only(Arn=work.arn("logs", f"log-group:{name}:*"))
    yield from _retention(work)


def _retention(work: Work) -> Steps:
    if work.changed("RetentionInDays"):
        if work.get("RetentionInDays"):
            params = {"logGroupName": work.physical_id, "retentionInDays": work.properties["RetentionInDays"]}
            yield Api("logs", "PutRetentionPolicy", params)
        else:
            yield Api("logs", "DeleteRetentionPolicy", {"logGroupName": work.physical_id})


def _delete_group(work: Work) -> Steps:
    yield Api("logs", "DeleteLogGroup", {"logGroupName": work.physical_id})


def _create_stream(work: Work) -> Steps:
    name = work.name("LogStreamName", 512)
    yield Api("logs", "CreateLogStream", {**work.pick("LogGroupName"), "logStreamName": name})
    work.physical_id = name


def _delete_stream(work: Work) -> Steps:
    yield Api("logs", "DeleteLogStream", {**work.pick("LogGroupName"), "logStreamName": work.physical_id})


def _put_metric_filter(work: Work) -> Steps:
    work.physical_id = work.physical_id or work.name("FilterName", 512)
    rows = []
    for row in work.properties["MetricTransformations"]:
        dimensions = {one["Key"]: one["Value"] for one in row.get("Dimensions") or ()}
        rows.append({**row, "Dimensions": dimensions} if dimensions else dict(row))
    given = {"filterName": work.physical_id, "metricTransformations": rows}
    yield Api("logs", "PutMetricFilter", {**given, **work.pick("LogGroupName", "FilterPattern", "ApplyOnTransformedLogs")})


def _delete_metric_filter(work: Work) -> Steps:
    yield Api("logs", "DeleteMetricFilter", {**work.pick("LogGroupName"), "filterName": work.physical_id})


def _put_subscription(work: Work) -> Steps:
    work.physical_id = work.physical_id or work.name("FilterName", 512)
    given = work.pick("LogGroupName", "FilterPattern", "DestinationArn", "RoleArn", "Distribution")
    yield Api("logs", "PutSubscriptionFilter", {**given, "filterName": work.physical_id})


def _delete_subscription(work: Work) -> Steps:
    yield Api("logs", "DeleteSubscriptionFilter", {**work.pick("LogGroupName"), "filterName": work.physical_id})


def _put_resource_policy(work: Work) -> Steps:
    work.physical_id = str(work.properties["PolicyName"])
    yield Api("logs", "PutResourcePolicy", work.pick("PolicyName", "PolicyDocument"))


def _delete_resource_policy(work: Work) -> Steps:
    yield Api("logs", "DeleteResourcePolicy", {"policyName": work.physical_id})


kind(
    "AWS::Logs::LogGroup", _create_group, _delete_group, _retention,
    props="RetentionInDays Tags", fixed="LogGroupName KmsKeyId LogGroupClass",
)  # fmt: skip
kind("AWS::Logs::LogStream", _create_stream, _delete_stream, required="LogGroupName", fixed="LogStreamName")
kind(
    "AWS::Logs::MetricFilter", _put_metric_filter, _delete_metric_filter, _put_metric_filter,
    props="ApplyOnTransformedLogs", required="FilterPattern MetricTransformations", fixed="FilterName LogGroupName",
)  # fmt: skip
kind(
    "AWS::Logs::SubscriptionFilter", _put_subscription, _delete_subscription, _put_subscription,
    props="RoleArn Distribution", required="FilterPattern DestinationArn", fixed="FilterName LogGroupName",
)  # fmt: skip
kind(
    "AWS::Logs::ResourcePolicy", _put_resource_policy, _delete_resource_policy, _put_resource_policy,
    required="PolicyDocument", fixed="PolicyName",
)  # fmt: skip
