"""What labs may make on AWS: which operation makes it, how it is found again by name or ARN, and how it goes.

The order is the order of removal: what holds others goes before what it holds, logs after whoever writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Clients = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """``creates`` maps operations to the member with the name. ``listing`` is an operation and a JMESPath to [id, name] pairs.

    ``arn`` finds the id in an ARN of the service; ``delete`` is the operation and its member for the id.
    """

    name: str
    service: str
    creates: Mapping[str, str]
    listing: tuple[str, str]
    delete: tuple[str, str]
    arn: str = ""
    empty: Callable[[Clients, str], None] | None = None  # what has to go first
    asked: Mapping[str, Any] = field(default_factory=dict)  # parameters of the listing
    firmly: Mapping[str, Any] = field(default_factory=dict)  # more parameters of the deletion

    def id_in(self, arn: str) -> str:
        """The id that ``delete`` takes, or "" when the ARN is of another kind."""
        match = re.fullmatch(self.arn, arn) if self.arn else None
        return match[1] if match else ""

    def find(self, clients: Clients, prefix: str) -> list[str]:
        """Ids of all whose name holds the prefix."""
        client, (operation, path) = clients(self.service), self.listing
        if client.can_paginate(operation):
            pairs = list(client.get_paginator(operation).paginate(**self.asked).search(path))
        else:
            # Imported here: botocore brings it, and the command line starts without either.
            import jmespath  # noqa: PLC0415

            pairs = jmespath.search(path, getattr(client, operation)(**self.asked)) or []
        return [pair[0] for pair in pairs if pair and prefix in pair[1]]

    def remove(self, clients: Clients, identity: str) -> None:
        """Delete one; raises botocore's ClientError."""
        if self.empty is not None:
            self.empty(clients, identity)
        operation, member = self.delete
        value: Any = [identity] if member.endswith("Names") else identity
        getattr(clients(self.service), operation)(**{member: value}, **self.firmly)


def _empty_bucket(clients: Clients, name: str) -> None:
    s3 = clients("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        for row in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
            s3.delete_object(Bucket=name, Key=row["Key"], VersionId=row["VersionId"])


def _empty_role(clients: Clients, name: str) -> None:
    iam = clients("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])


def _remove_older_layers(clients: Clients, arn: str) -> None:
    lambda_, (layer, newest) = clients("lambda"), arn.rsplit(":", 1)
    for row in lambda_.list_layer_versions(LayerName=layer)["LayerVersions"]:
        if str(row["Version"]) != newest:
            lambda_.delete_layer_version(LayerName=layer, VersionNumber=row["Version"])


def _await_stack(clients: Clients, name: str) -> None:
    """Deleting a stack takes its resources with it; what comes after must not meet them half gone."""
    cloudformation = clients("cloudformation")
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 3, "MaxAttempts": 200})


class _Layer(Kind):
    """A layer's version is deleted by two members; its id is the ARN of the newest version."""

    def remove(self, clients: Clients, identity: str) -> None:
        _remove_older_layers(clients, identity)
        layer, version = identity.rsplit(":", 1)
        clients("lambda").delete_layer_version(LayerName=layer, VersionNumber=int(version))


class _Rule(Kind):
    """A rule is of a bus; its id is ``bus/rule``, or the name alone on the default bus, as in ARNs."""

    def find(self, clients: Clients, prefix: str) -> list[str]:
        events = clients("events")
        buses = [row["Name"] for row in events.list_event_buses()["EventBuses"] if prefix in row["Name"]]
        pages = [(bus, page) for bus in buses for page in events.get_paginator("list_rules").paginate(EventBusName=bus)]
        named = [f"{bus}/{row['Name']}" for bus, page in pages for row in page["Rules"]]
        return super().find(clients, prefix) + named

    def remove(self, clients: Clients, identity: str) -> None:
        events, (bus, _, name) = clients("events"), identity.rpartition("/")
        where = {"EventBusName": bus or "default"}
        targets = [row["Id"] for row in events.list_targets_by_rule(Rule=name, **where)["Targets"]]
        if targets:
            events.remove_targets(Rule=name, Ids=targets, **where)
        events.delete_rule(Name=name, **where)


_A = r"arn:aws[a-z-]*"
_STACK_STATES = [
    *("CREATE_COMPLETE", "CREATE_FAILED", "CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"),
    *("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_FAILED"),
]

# fmt: off
KINDS: tuple[Kind, ...] = (
    Kind("stack", "cloudformation", {"CreateStack": "StackName", "CreateChangeSet": "StackName"},
         ("list_stacks", "StackSummaries[].[StackName, StackName]"), ("delete_stack", "StackName"),
         rf"{_A}:cloudformation:[^:]*:\d*:stack/([^/]+)/.*", _await_stack, {"StackStatusFilter": _STACK_STATES}),
    Kind("event source mapping", "lambda", {"CreateEventSourceMapping": ""},
         ("list_event_source_mappings", "EventSourceMappings[].[UUID, FunctionArn]"), ("delete_event_source_mapping", "UUID"),
         rf"{_A}:lambda:[^:]*:\d*:event-source-mapping:(.+)"),
    _Rule("rule", "events", {"PutRule": "Name"}, ("list_rules", "Rules[].[Name, Name]"), ("delete_rule", "Name"),
          rf"{_A}:events:[^:]*:\d*:rule/(.+)"),
    Kind("archive", "events", {"CreateArchive": "ArchiveName"},
         ("list_archives", "Archives[].[ArchiveName, ArchiveName]"), ("delete_archive", "ArchiveName")),
    Kind("schedule", "scheduler", {"CreateSchedule": "Name"},
         ("list_schedules", "Schedules[].[Name, Name]"), ("delete_schedule", "Name")),
    Kind("HTTP API", "apigatewayv2", {"CreateApi": "Name"}, ("get_apis", "Items[].[ApiId, Name]"), ("delete_api", "ApiId"),
         rf"{_A}:apigateway:[^:]*::/apis/([^/]+)"),
    Kind("REST API", "apigateway", {"CreateRestApi": "name"}, ("get_rest_apis", "items[].[id, name]"),
         ("delete_rest_api", "restApiId"), rf"{_A}:apigateway:[^:]*::/restapis/([^/]+)"),
    Kind("usage plan", "apigateway", {"CreateUsagePlan": "name"}, ("get_usage_plans", "items[].[id, name]"),
         ("delete_usage_plan", "usagePlanId"), rf"{_A}:apigateway:[^:]*::/usageplans/([^/]+)"),
    Kind("API key", "apigateway", {"CreateApiKey": "name"}, ("get_api_keys", "items[].[id, name]"),
         ("delete_api_key", "apiKey"), rf"{_A}:apigateway:[^:]*::/apikeys/([^/]+)"),
    Kind("state machine", "stepfunctions", {"CreateStateMachine": "name"},
         ("list_state_machines", "stateMachines[].[stateMachineArn, name]"), ("delete_state_machine", "stateMachineArn"),
         rf"({_A}:states:[^:]*:\d*:stateMachine:[^:]+)"),
    Kind("composite alarm", "cloudwatch", {"PutCompositeAlarm": "AlarmName"},
         ("describe_alarms", "CompositeAlarms[].[AlarmName, AlarmName]"), ("delete_alarms", "AlarmNames"),
         asked={"AlarmTypes": ["CompositeAlarm"]}),
    Kind("alarm", "cloudwatch", {"PutMetricAlarm": "AlarmName"},
         ("describe_alarms", "MetricAlarms[].[AlarmName, AlarmName]"), ("delete_alarms", "AlarmNames"),
         rf"{_A}:cloudwatch:[^:]*:\d*:alarm:(.+)"),
    Kind("dashboard", "cloudwatch", {"PutDashboard": "DashboardName"},
         ("list_dashboards", "DashboardEntries[].[DashboardName, DashboardName]"), ("delete_dashboards", "DashboardNames"),
         rf"{_A}:cloudwatch::\d*:dashboard/(.+)"),
    Kind("CodeDeploy application", "codedeploy", {"CreateApplication": "applicationName"},
         ("list_applications", "applications[].[@, @]"), ("delete_application", "applicationName"),
         rf"{_A}:codedeploy:[^:]*:\d*:application:(.+)"),
    Kind("function", "lambda", {"CreateFunction": "FunctionName"}, ("list_functions", "Functions[].[FunctionName, FunctionName]"),
         ("delete_function", "FunctionName"), rf"{_A}:lambda:[^:]*:\d*:function:([^:]+)"),
    _Layer("layer", "lambda", {"PublishLayerVersion": "LayerName"},
           ("list_layers", "Layers[].[LatestMatchingVersion.LayerVersionArn, LayerName]"), ("delete_layer_version", "LayerName")),
    Kind("topic", "sns", {"CreateTopic": "Name"}, ("list_topics", "Topics[].[TopicArn, TopicArn]"),
         ("delete_topic", "TopicArn"), rf"({_A}:sns:[^:]*:\d*:[^:]+)"),
    Kind("queue", "sqs", {"CreateQueue": "QueueName"}, ("list_queues", "QueueUrls[].[@, @]"), ("delete_queue", "QueueUrl")),
    Kind("table", "dynamodb", {"CreateTable": "TableName"}, ("list_tables", "TableNames[].[@, @]"),
         ("delete_table", "TableName"), rf"{_A}:dynamodb:[^:]*:\d*:table/([^/]+)"),
    Kind("stream", "kinesis", {"CreateStream": "StreamName"}, ("list_streams", "StreamNames[].[@, @]"),
         ("delete_stream", "StreamName"), rf"{_A}:kinesis:[^:]*:\d*:stream/([^/]+)"),
    Kind("bucket", "s3", {"CreateBucket": "Bucket"}, ("list_buckets", "Buckets[].[Name, Name]"), ("delete_bucket", "Bucket"),
         rf"{_A}:s3:::([^/]+)", _empty_bucket),
    Kind("secret", "secretsmanager", {"CreateSecret": "Name"}, ("list_secrets", "SecretList[].[ARN, Name]"),
         ("delete_secret", "SecretId"), rf"({_A}:secretsmanager:[^:]*:\d*:secret:.+)",
         firmly={"ForceDeleteWithoutRecovery": True}),  # else the name is taken for a week and more
    Kind("parameter", "ssm", {"PutParameter": "Name"}, ("describe_parameters", "Parameters[].[Name, Name]"),
         ("delete_parameter", "Name"), rf"{_A}:ssm:[^:]*:\d*:parameter(/.+)"),
    Kind("event bus", "events", {"CreateEventBus": "Name"}, ("list_event_buses", "EventBuses[].[Name, Name]"),
         ("delete_event_bus", "Name"), rf"{_A}:events:[^:]*:\d*:event-bus/(.+)"),
    Kind("log group", "logs", {"CreateLogGroup": "logGroupName"},
         ("describe_log_groups", "logGroups[].[logGroupName, logGroupName]"),
         ("delete_log_group", "logGroupName"), rf"{_A}:logs:[^:]*:\d*:log-group:([^:]+)(?::\*)?"),
    Kind("role", "iam", {"CreateRole": "RoleName"}, ("list_roles", "Roles[].[RoleName, RoleName]"), ("delete_role", "RoleName"),
         rf"{_A}:iam::\d*:role/(?:.+/)?([^/]+)", _empty_role),
    Kind("policy", "iam", {"CreatePolicy": "PolicyName"}, ("list_policies", "Policies[].[Arn, PolicyName]"),
         ("delete_policy", "PolicyArn"), rf"({_A}:iam::\d*:policy/.+)", asked={"Scope": "Local"}),
)
# fmt: on

# Made inside something above, and gone with it.
INSIDE = frozenset(
    {
        *(f"lambda:{name}" for name in ("CreateAlias", "PublishVersion", "CreateFunctionUrlConfig")),
        *(f"apigatewayv2:Create{name}" for name in ("Authorizer", "Deployment", "Integration", "IntegrationResponse", "Model")),
        *(f"apigatewayv2:Create{name}" for name in ("Route", "RouteResponse", "Stage")),
        *(f"apigateway:Create{name}" for name in ("Authorizer", "Deployment", "Model", "RequestValidator", "Resource", "Stage")),
        "apigateway:CreateUsagePlanKey",
        *("codedeploy:CreateDeployment", "codedeploy:CreateDeploymentGroup", "codedeploy:RegisterApplicationRevision"),
        *("iam:CreatePolicyVersion", "logs:CreateLogStream", "s3:CreateMultipartUpload"),
        *("stepfunctions:CreateStateMachineAlias", "stepfunctions:PublishStateMachineVersion"),
        *("sns:Publish", "sns:PublishBatch", "kinesis:RegisterStreamConsumer"),
        *(
            f"{service}:{name}"
            for service, name in (("stepfunctions", "StartExecution"), ("stepfunctions", "StartSyncExecution"))
        ),
        *("logs:StartQuery", "sqs:StartMessageMoveTask", "events:StartReplay"),
    }
)
# Kinds of which one thing cannot be told apart by its name alone keep what the service called it.
SERVICES = frozenset(
    {kind.service for kind in KINDS} | {"sts", "resourcegroupstaggingapi", "cloudtrail", "xray", "dynamodbstreams"}
)
MAKES: dict[tuple[str, str], Kind] = {(kind.service, operation): kind for kind in KINDS for operation in kind.creates}


def queue_url(clients: Clients, arn: str) -> str:
    """A queue is tagged by ARN and deleted by address."""
    return str(clients("sqs").get_queue_url(QueueName=arn.rsplit(":", 1)[1])["QueueUrl"])
