from __future__ import annotations

import base64
import json

import pytest

A = "123456789012"
HOST = f"https://sqs.us-east-1.amazonaws.com/{A}/orders"
QUEUE = f"arn:aws:sqs:us-east-1:{A}:orders"
TOPIC = f"arn:aws:sns:us-east-1:{A}:news"
ROLE = f"arn:aws:iam::{A}:role/app"
MACHINE = f"arn:aws:states:us-east-1:{A}:stateMachine:flow"
KEY = f"arn:aws:kms:us-east-1:{A}:key/k1"
TASK = base64.b64encode(json.dumps({"sourceArn": QUEUE}).encode()).decode()


@pytest.mark.parametrize(
    ("service", "operation", "params", "wanted"),
    [
        ("sqs", "SendMessage", {"QueueUrl": HOST}, [("sqs:SendMessage", QUEUE)]),
        ("sqs", "SendMessageBatch", {"QueueUrl": HOST}, [("sqs:SendMessage", QUEUE)]),
        ("sqs", "DeleteMessageBatch", {"QueueUrl": HOST}, [("sqs:DeleteMessage", QUEUE)]),
        ("sqs", "ChangeMessageVisibilityBatch", {"QueueUrl": HOST}, [("sqs:ChangeMessageVisibility", QUEUE)]),
        ("sqs", "GetQueueUrl", {"QueueName": "orders"}, [("sqs:GetQueueUrl", QUEUE)]),
        (
            "sqs",
            "ReceiveMessage",
            {"QueueUrl": f"http://127.0.0.1:4566/queue/us-east-1/{A}/orders"},
            [("sqs:ReceiveMessage", QUEUE)],
        ),
        ("sqs", "CancelMessageMoveTask", {"TaskHandle": TASK}, [("sqs:CancelMessageMoveTask", QUEUE)]),
        ("sns", "Publish", {"TopicArn": TOPIC}, [("sns:Publish", TOPIC)]),
        ("sns", "Publish", {"PhoneNumber": "+15550100"}, [("sns:Publish", "*")]),
        ("sns", "PublishBatch", {"TopicArn": TOPIC}, [("sns:Publish", TOPIC)]),
        ("sns", "CreateTopic", {"Name": "news"}, [("sns:CreateTopic", TOPIC)]),
        ("sns", "Unsubscribe", {"SubscriptionArn": f"{TOPIC}:6b"}, [("sns:Unsubscribe", TOPIC)]),
        ("kinesis", "PutRecord", {"StreamName": "s"}, [("kinesis:PutRecord", f"arn:aws:kinesis:us-east-1:{A}:stream/s")]),
        ("kinesis", "ListStreams", {}, [("kinesis:ListStreams", "*")]),
        (
            "events",
            "PutEvents",
            {"Entries": [{"Source": "a", "DetailType": "t"}, {"Source": "a", "DetailType": "t"}, {"EventBusName": "shop"}]},
            [
                ("events:PutEvents", f"arn:aws:events:us-east-1:{A}:event-bus/default"),
                ("events:PutEvents", f"arn:aws:events:us-east-1:{A}:event-bus/shop"),
            ],
        ),
        ("events", "PutRule", {"Name": "r"}, [("events:PutRule", f"arn:aws:events:us-east-1:{A}:rule/r")]),
        (
            "events",
            "PutTargets",
            {"Rule": "r", "EventBusName": "shop", "Targets": [{"Id": "1", "Arn": QUEUE, "RoleArn": ROLE}]},
            [("events:PutTargets", f"arn:aws:events:us-east-1:{A}:rule/shop/r"), ("iam:PassRole", ROLE)],
        ),
        (
            "scheduler",
            "CreateSchedule",
            {"Name": "nightly", "Target": {"Arn": QUEUE, "RoleArn": ROLE}},
            [("scheduler:CreateSchedule", f"arn:aws:scheduler:us-east-1:{A}:schedule/default/nightly"), ("iam:PassRole", ROLE)],
        ),
        (
            "stepfunctions",
            "CreateStateMachine",
            {"name": "flow", "roleArn": ROLE, "publish": True},
            [("states:CreateStateMachine", MACHINE), ("states:PublishStateMachineVersion", MACHINE), ("iam:PassRole", ROLE)],
        ),
        ("stepfunctions", "StartExecution", {"stateMachineArn": f"{MACHINE}:prod"}, [("states:StartExecution", MACHINE)]),
        ("stepfunctions", "SendTaskSuccess", {"taskToken": "t"}, [("states:SendTaskSuccess", "*")]),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": "/g", "logStreamName": "s"},
            [("logs:PutLogEvents", f"arn:aws:logs:us-east-1:{A}:log-group:/g:log-stream:s")],
        ),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "/g"},
            [("logs:CreateLogGroup", f"arn:aws:logs:us-east-1:{A}:log-group:/g:log-stream:")],
        ),
        (
            "logs",
            "FilterLogEvents",
            {"logGroupIdentifier": f"arn:aws:logs:us-east-1:{A}:log-group:/g:*"},
            [("logs:FilterLogEvents", f"arn:aws:logs:us-east-1:{A}:log-group:/g:log-stream:")],
        ),
        (
            "logs",
            "TagResource",
            {"resourceArn": f"arn:aws:logs:us-east-1:{A}:log-group:/g"},
            [("logs:TagResource", f"arn:aws:logs:us-east-1:{A}:log-group:/g")],
        ),
        ("logs", "DescribeLogGroups", {}, [("logs:DescribeLogGroups", f"arn:aws:logs:us-east-1:{A}:log-group::log-stream:")]),
        ("cloudwatch", "PutMetricData", {"Namespace": "App"}, [("cloudwatch:PutMetricData", "*")]),
        (
            "cloudwatch",
            "DeleteAlarms",
            {"AlarmNames": ["a", "b"]},
            [("cloudwatch:DeleteAlarms", f"arn:aws:cloudwatch:us-east-1:{A}:alarm:{name}") for name in ("a", "b")],
        ),
        (
            "cloudwatch",
            "PutDashboard",
            {"DashboardName": "d"},
            [("cloudwatch:PutDashboard", f"arn:aws:cloudwatch::{A}:dashboard/d")],
        ),
        ("iam", "GetRole", {"RoleName": "app"}, [("iam:GetRole", ROLE)]),
        ("iam", "CreateRole", {"RoleName": "app", "Path": "/svc/"}, [("iam:CreateRole", f"arn:aws:iam::{A}:role/svc/app")]),
        (
            "iam",
            "CreateRole",
            {"RoleName": "app", "Tags": [{"Key": "a", "Value": "b"}]},
            [("iam:CreateRole", ROLE), ("iam:TagRole", ROLE)],
        ),
        ("iam", "GetUser", {}, [("iam:GetUser", f"arn:aws:iam::{A}:user/bob")]),
        ("iam", "CreatePolicy", {"PolicyName": "p"}, [("iam:CreatePolicy", f"arn:aws:iam::{A}:policy/p")]),
        ("iam", "ListRoles", {}, [("iam:ListRoles", f"arn:aws:iam::{A}:role/")]),
        (
            "iam",
            "AddRoleToInstanceProfile",
            {"RoleName": "app", "InstanceProfileName": "ip"},
            [("iam:AddRoleToInstanceProfile", f"arn:aws:iam::{A}:instance-profile/ip"), ("iam:PassRole", ROLE)],
        ),
        ("iam", "SimulateCustomPolicy", {}, [("iam:SimulateCustomPolicy", "*")]),
        ("iam", "SimulatePrincipalPolicy", {"PolicySourceArn": ROLE}, [("iam:SimulatePrincipalPolicy", ROLE)]),
        ("sts", "GetCallerIdentity", {}, []),
        ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "s"}, [("sts:AssumeRole", ROLE)]),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": ROLE, "RoleSessionName": "s", "Tags": [{"Key": "a", "Value": "b"}], "SourceIdentity": "me"},
            [("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE), ("sts:SetSourceIdentity", ROLE)],
        ),
        ("kms", "Encrypt", {"KeyId": "k1"}, [("kms:Encrypt", KEY)]),
        ("kms", "CreateKey", {}, [("kms:CreateKey", "*")]),
        (
            "kms",
            "CreateAlias",
            {"AliasName": "alias/a", "TargetKeyId": "k1"},
            [("kms:CreateAlias", f"arn:aws:kms:us-east-1:{A}:alias/a"), ("kms:CreateAlias", KEY)],
        ),
        (
            "kms",
            "ReEncrypt",
            {"SourceKeyId": "k1", "DestinationKeyId": KEY},
            [("kms:ReEncryptFrom", KEY), ("kms:ReEncryptTo", KEY)],
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "db"},
            [("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{A}:secret:db-??????")],
        ),
        ("secretsmanager", "ListSecrets", {}, [("secretsmanager:ListSecrets", "*")]),
        ("ssm", "GetParameter", {"Name": "/app/db"}, [("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{A}:parameter/app/db")]),
        ("ssm", "GetParameter", {"Name": "plain:3"}, [("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{A}:parameter/plain")]),
        (
            "ssm",
            "GetParametersByPath",
            {"Path": "/app/"},
            [("ssm:GetParametersByPath", f"arn:aws:ssm:us-east-1:{A}:parameter/app")],
        ),
        (
            "ssm",
            "GetParameter",
            {"Name": "/aws/service/x"},
            [("ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/x")],
        ),
        ("xray", "PutTraceSegments", {}, [("xray:PutTraceSegments", "*")]),
        ("apigateway", "CreateRestApi", {"name": "x"}, [("apigateway:POST", "arn:aws:apigateway:us-east-1::/restapis")]),
        (
            "apigateway",
            "GetResource",
            {"restApiId": "a1", "resourceId": "r1"},
            [("apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis/a1/resources/r1")],
        ),
        (
            "apigateway",
            "PutIntegration",
            {"restApiId": "a1", "resourceId": "r1", "httpMethod": "GET", "credentials": ROLE},
            [
                ("apigateway:PUT", "arn:aws:apigateway:us-east-1::/restapis/a1/resources/r1/methods/GET/integration"),
                ("iam:PassRole", ROLE),
            ],
        ),
        ("apigatewayv2", "GetApi", {"ApiId": "a1"}, [("apigateway:GET", "arn:aws:apigateway:us-east-1::/apis/a1")]),
        (
            "apigatewayv2",
            "TagResource",
            {"ResourceArn": "arn:aws:apigateway:us-east-1::/apis/a1"},
            [("apigateway:POST", "arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fa1")],
        ),
        (
            "cloudformation",
            "CreateStack",
            {"StackName": "shop", "RoleARN": ROLE},
            [("cloudformation:CreateStack", f"arn:aws:cloudformation:us-east-1:{A}:stack/shop/*"), ("iam:PassRole", ROLE)],
        ),
        ("cloudformation", "ListStacks", {}, [("cloudformation:ListStacks", f"arn:aws:cloudformation:us-east-1:{A}:stack/*/*")]),
        ("cloudformation", "ValidateTemplate", {}, [("cloudformation:ValidateTemplate", "*")]),
        (
            "codedeploy",
            "CreateDeployment",
            {"applicationName": "app", "deploymentGroupName": "prod"},
            [("codedeploy:CreateDeployment", f"arn:aws:codedeploy:us-east-1:{A}:deploymentgroup:app/prod")],
        ),
        (
            "codedeploy",
            "PutLifecycleEventHookExecutionStatus",
            {"deploymentId": "d-UNKNOWN00", "lifecycleEventHookExecutionId": "x", "status": "Succeeded"},
            [("codedeploy:PutLifecycleEventHookExecutionStatus", f"arn:aws:codedeploy:us-east-1:{A}:deploymentgroup:*/*")],
        ),
    ],
)
def test_operations_and_their_checks(asked, service: str, operation: str, params, wanted) -> None:
    assert asked(service, operation, params) == wanted


def test_what_the_account_knows_completes_the_arn(asked) -> None:
    secret = f"arn:aws:secretsmanager:us-east-1:{A}:secret:db-AbCdEf"
    known = {f"secretsmanager:secret|{secret.removesuffix('-AbCdEf')}": secret}
    assert asked("secretsmanager", "GetSecretValue", {"SecretId": "db"}, **known) == [("secretsmanager:GetSecretValue", secret)]
    known = {"iam:role|app": f"arn:aws:iam::{A}:role/svc/app"}
    assert asked("iam", "DeleteRole", {"RoleName": "app"}, **known) == [("iam:DeleteRole", f"arn:aws:iam::{A}:role/svc/app")]
    known = {"kms:alias|alias/a": KEY, "kms:alias|arn:aws:kms:us-east-1:444455556666:alias/a": KEY.replace(A, "444455556666")}
    assert asked("kms", "Encrypt", {"KeyId": "alias/a"}, **known) == [("kms:Encrypt", KEY)]
    foreign = {"KeyId": "arn:aws:kms:us-east-1:444455556666:alias/a"}
    assert asked("kms", "Encrypt", foreign, **known) == [("kms:Encrypt", KEY.replace(A, "444455556666"))]
    known = {"cloudformation:stack|shop": f"arn:aws:cloudformation:us-east-1:{A}:stack/shop/77"}
    assert asked("cloudformation", "DeleteStack", {"StackName": "shop"}, **known)[0][1].endswith("stack/shop/77")


@pytest.mark.parametrize(
    ("service", "operation", "params", "key", "value"),
    [
        ("cloudwatch", "PutMetricData", {"Namespace": "App"}, "cloudwatch:namespace", "App"),
        ("sns", "Subscribe", {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": QUEUE}, "sns:Protocol", "sqs"),
        ("sts", "AssumeRole", {"RoleArn": ROLE, "ExternalId": "x"}, "sts:ExternalId", "x"),
        ("events", "PutEvents", {"Entries": [{"Source": "shop"}]}, "events:source", "shop"),
        ("events", "PutRule", {"Name": "r", "EventPattern": '{"source": ["shop"]}'}, "events:source", ["shop"]),
        ("kms", "Encrypt", {"KeyId": "k", "EncryptionContext": {"app": "x"}}, "kms:EncryptionContext:app", "x"),
        ("iam", "AttachRolePolicy", {"RoleName": "r", "PolicyArn": "arn:p"}, "iam:PolicyARN", "arn:p"),
        ("iam", "CreateRole", {"RoleName": "r", "PermissionsBoundary": "arn:b"}, "iam:PermissionsBoundary", "arn:b"),
        ("ssm", "PutParameter", {"Name": "n", "Overwrite": True}, "ssm:Overwrite", "true"),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "s", "VersionStage": "AWSCURRENT"},
            "secretsmanager:VersionStage",
            "AWSCURRENT",
        ),
        ("stepfunctions", "StartExecution", {"stateMachineArn": f"{MACHINE}:prod"}, "states:StateMachineQualifier", "prod"),
        (
            "cloudformation",
            "CreateStack",
            {"StackName": "s", "TemplateURL": "https://t"},
            "cloudformation:TemplateUrl",
            "https://t",
        ),
    ],
)
def test_condition_keys_of_services(keys, service: str, operation: str, params, key: str, value) -> None:
    assert keys(service, operation, params)[key] == value
