"""One of each kind a lab may make, and one `clean` that leaves none: the table of kinds is true."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest

from courseware.aws.clean import clean
from courseware.aws.guard import plain_clients
from courseware.aws.kinds import KINDS
from courseware.aws.run import Run
from courseware.aws.whose import TEST_ENDPOINT
from sandbox.account import local_account

STATES = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
Aws = Callable[[str], Any]


def package() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", "def handler(event, context):\n    return event\n")
    return archive.getvalue()


def make(aws: Aws, n: str) -> None:
    """``n`` is what every name begins with."""
    services = ["lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam").create_role(RoleName=f"{n}role", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allow = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]})
    policy = aws("iam").create_policy(PolicyName=f"{n}policy", PolicyDocument=allow)["Policy"]["Arn"]
    aws("iam").attach_role_policy(RoleName=f"{n}role", PolicyArn=policy)
    aws("iam").put_role_policy(RoleName=f"{n}role", PolicyName="inline", PolicyDocument=allow)
    queue = aws("sqs").create_queue(QueueName=f"{n}queue")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    awslambda = aws("lambda")
    code = {"ZipFile": package()}
    awslambda.create_function(FunctionName=f"{n}f", Runtime="python3.14", Role=role, Handler="app.handler", Code=code)
    for _ in range(2):
        awslambda.publish_layer_version(LayerName=f"{n}layer", Content=code)
    awslambda.create_event_source_mapping(FunctionName=f"{n}f", EventSourceArn=arn)
    aws("cloudformation").create_stack(StackName=f"{n}stack", TemplateBody="Resources: {T: {Type: AWS::SNS::Topic}}")
    bus = aws("events").create_event_bus(Name=f"{n}bus")["EventBusArn"]
    aws("events").put_rule(Name=f"{n}rule", ScheduleExpression="rate(1 day)")
    aws("events").put_targets(Rule=f"{n}rule", Targets=[{"Id": "1", "Arn": arn}])
    aws("events").put_rule(Name=f"{n}rule", EventBusName=f"{n}bus", EventPattern='{"source": ["shop"]}')
    aws("events").put_targets(Rule=f"{n}rule", EventBusName=f"{n}bus", Targets=[{"Id": "1", "Arn": arn}])
    aws("events").create_archive(ArchiveName=f"{n}archive", EventSourceArn=bus)
    target = {"Arn": arn, "RoleArn": role}
    window = {"Mode": "OFF"}
    aws("scheduler").create_schedule(
        Name=f"{n}schedule", ScheduleExpression="rate(1 day)", Target=target, FlexibleTimeWindow=window
    )
    aws("apigatewayv2").create_api(Name=f"{n}http", ProtocolType="HTTP")
    aws("apigateway").create_rest_api(name=f"{n}rest")
    aws("apigateway").create_usage_plan(name=f"{n}plan")
    aws("apigateway").create_api_key(name=f"{n}key")
    aws("stepfunctions").create_state_machine(name=f"{n}machine", definition=json.dumps(STATES), roleArn=role)
    alarm = {"Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1}
    aws("cloudwatch").put_metric_alarm(AlarmName=f"{n}alarm", ComparisonOperator="GreaterThanThreshold", **alarm)
    aws("cloudwatch").put_composite_alarm(AlarmName=f"{n}both", AlarmRule=f'ALARM("{n}alarm")')
    aws("cloudwatch").put_dashboard(DashboardName=f"{n}dashboard", DashboardBody='{"widgets": []}')
    aws("codedeploy").create_application(applicationName=f"{n}application", computePlatform="Lambda")
    aws("sns").create_topic(Name=f"{n}topic")
    aws("dynamodb").create_table(
        TableName=f"{n}table",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    aws("kinesis").create_stream(StreamName=f"{n}stream", ShardCount=1)
    aws("s3").create_bucket(Bucket=f"{n}bucket")
    aws("s3").put_bucket_versioning(Bucket=f"{n}bucket", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        aws("s3").put_object(Bucket=f"{n}bucket", Key="k", Body=body)
    aws("s3").delete_object(Bucket=f"{n}bucket", Key="k")
    aws("secretsmanager").create_secret(Name=f"{n}secret", SecretString="s")
    aws("ssm").put_parameter(Name=f"/{n}a/parameter", Value="v", Type="String")
    aws("logs").create_log_group(logGroupName=f"/aws/lambda/{n}f")


def test_one_clean_removes_one_of_every_kind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_account(virtual_time=True) as account:
        for name, value in {**account.environ(), TEST_ENDPOINT: account.endpoint_url}.items():
            monkeypatch.setenv(name, value)
        here = replace(run, account_id=account.account_id)
        aws = plain_clients(here, boto3.session.Session())
        make(aws, here.prefix)
        account.control.advance(60)
        cleaned = clean(here, aws)
        assert (cleaned.left, cleaned.unsure) == ([], [])
        kinds = {kind.name for kind in KINDS if any(line.startswith(f"{kind.name} ") for line in cleaned.removed)}
        assert kinds == {kind.name for kind in KINDS}
        assert f"rule {here.prefix}bus/{here.prefix}rule" in cleaned.removed
        account.control.advance(60)
        assert {kind.name: kind.find(aws, here.prefix) for kind in KINDS} == {kind.name: [] for kind in KINDS}
