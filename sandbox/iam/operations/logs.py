"""CloudWatch Logs. Actions on a group are asked on ``log-group:NAME:log-stream:`` (recorded denials), which ``log-group:NAME:*``
matches and ``log-group:NAME`` does not; only the tag operations use the bare ARN (CloudWatch Logs user guide, "Resources").
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, Rules, by_name, everything, given, table
from sandbox.iam.verdict import Check


def _group_arn(request: Request, name: str, stream: str = "") -> str:
    base = name.removesuffix(":*") if name.startswith("arn:") else request.arn(f"log-group:{name}")
    return f"{base}:log-stream:{stream}"


def _group_name(request: Request) -> str:
    return request.text("logGroupName", "logGroupIdentifier")


def _group(request: Request) -> str:
    return _group_arn(request, _group_name(request))


def _stream(request: Request) -> str:
    return _group_arn(request, _group_name(request), request.text("logStreamName"))


def _groups(request: Request) -> list[str]:
    names = [*request.texts("logGroupNames"), *request.texts("logGroupIdentifiers"), *request.texts("logGroupArnList")]
    names = names or [_group_name(request)]
    return [_group_arn(request, name) for name in dict.fromkeys(names)]


def _every_group(request: Request) -> str:
    return _group_arn(request, "")


def _bare_group(request: Request) -> str:
    return request.arn(f"log-group:{_group_name(request)}")


def _tagged(request: Request) -> str:
    return request.text("resourceArn").removesuffix(":*") or "*"


def _resource_or_group(request: Request) -> str:
    identifier = request.text("resourceIdentifier")
    return (identifier or "*") if not _group_name(request) else _group(request)


def _subscription(request: Request) -> Iterable[Check]:
    destination = request.text("destinationArn")
    checks = [request.own(_group(request), {"logs:DestinationArn": destination})]
    if ":destination:" in destination:
        checks.append(request.own(destination))
    return [*checks, *request.pass_role(request.text("roleArn"), "logs.amazonaws.com")]


def _destination(request: Request) -> Iterable[Check]:
    arn = request.arn(f"destination:{request.text('destinationName')}")
    return [request.own(arn), *request.pass_role(request.text("roleArn"), "logs.amazonaws.com")]


RULES: Rules = {
    **table(
        {
            _group: (
                "AssociateKmsKey CreateExportTask CreateLogGroup DeleteDataProtectionPolicy DeleteIndexPolicy DeleteLogGroup "
                "DeleteMetricFilter DeleteRetentionPolicy DeleteSubscriptionFilter DeleteTransformer DescribeLogStreams "
                "DescribeSubscriptionFilters DisassociateKmsKey FilterLogEvents GetDataProtectionPolicy GetLogGroupFields "
                "GetTransformer PutDataProtectionPolicy PutIndexPolicy PutLogGroupDeletionProtection PutMetricFilter "
                "PutRetentionPolicy PutTransformer"
            ),
            _stream: "CreateLogStream DeleteLogStream GetLogEvents PutLogEvents",
            _groups: "StartLiveTail StartQuery CreateLogAnomalyDetector DescribeIndexPolicies DescribeFieldIndexes",
            _every_group: "DescribeLogGroups ListLogGroups",
            _bare_group: "ListTagsLogGroup TagLogGroup UntagLogGroup",
            _tagged: "ListTagsForResource TagResource UntagResource",
            _resource_or_group: "DescribeMetricFilters",
            by_name("destination:{}", "destinationName"): "DeleteDestination PutDestinationPolicy",
            by_name("delivery-source:{}", "name"): "DeleteDeliverySource GetDeliverySource PutDeliverySource",
            by_name("delivery-destination:{}", "name", "deliveryDestinationName"): (
                "DeleteDeliveryDestination DeleteDeliveryDestinationPolicy GetDeliveryDestination GetDeliveryDestinationPolicy "
                "PutDeliveryDestination PutDeliveryDestinationPolicy"
            ),
            by_name("delivery:{}", "id"): "DeleteDelivery GetDelivery UpdateDeliveryConfiguration",
            given("anomalyDetectorArn"): (
                "DeleteLogAnomalyDetector GetLogAnomalyDetector ListAnomalies UpdateAnomaly UpdateLogAnomalyDetector"
            ),
            everything: (
                "CancelExportTask DeleteAccountPolicy DeleteQueryDefinition DeleteResourcePolicy DescribeAccountPolicies "
                "DescribeConfigurationTemplates DescribeDeliveries DescribeDeliveryDestinations DescribeDeliverySources "
                "DescribeDestinations DescribeExportTasks DescribeQueries DescribeQueryDefinitions DescribeResourcePolicies "
                "GetLogRecord GetQueryResults ListLogAnomalyDetectors ListLogGroupsForQuery PutAccountPolicy PutQueryDefinition "
                "PutResourcePolicy StopQuery TestMetricFilter TestTransformer"
            ),
        }
    ),
    "PutSubscriptionFilter": _subscription,
    "PutDestination": _destination,
}
