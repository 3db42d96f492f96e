"""Resource types that need something from elsewhere first."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account

CODE = {"ZipFile": "def handler(event, context):\n    return 1\n"}
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]}
TRUST["Statement"][0]["Action"] = "sts:AssumeRole"  # type: ignore[index]


@pytest.fixture(name="account", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5) as account:
        yield account


def deploy(account: InprocessAccount, name: str, resources: dict[str, Any], **more: Any) -> dict[str, str]:
    """Physical ids by logical ids."""
    cloud = account.client("cloudformation")
    template = json.dumps({"Resources": resources})
    cloud.create_stack(StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"], **more)
    events = cloud.describe_stack_events(StackName=name)["StackEvents"]
    assert [row["ResourceStatusReason"] for row in events if row["ResourceStatus"].endswith("_FAILED")] == []
    rows = cloud.describe_stack_resources(StackName=name)["StackResources"]
    return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}


def delete(account: InprocessAccount, name: str) -> str:
    cloud = account.client("cloudformation")
    identifier = cloud.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    cloud.delete_stack(StackName=name)
    return str(cloud.describe_stacks(StackName=identifier)["Stacks"][0]["StackStatus"])


def test_a_layer_from_a_bucket_and_who_may_use_it(account: InprocessAccount) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("python/gadget.py", "X = 1\n")
    s3 = account.client("s3")
    s3.create_bucket(Bucket="wheels")
    s3.put_object(Bucket="wheels", Key="layer.zip", Body=buffer.getvalue())
    layer = {"Content": {"S3Bucket": "wheels", "S3Key": "layer.zip"}, "CompatibleRuntimes": ["python3.13"]}
    permission = {"LayerVersionArn": {"Ref": "Layer"}, "Action": "lambda:GetLayerVersion", "Principal": "*"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    function = {"Code": CODE, "Handler": "index.handler", "Runtime": "python3.13", "Layers": [{"Ref": "Layer"}]}
    made = deploy(
        account,
        "layer",
        {
            "Layer": {"Type": "AWS::Lambda::LayerVersion", "Properties": layer},
            "Anyone": {"Type": "AWS::Lambda::LayerVersionPermission", "Properties": permission},
            "Role": role,
            "F": {"Type": "AWS::Lambda::Function", "Properties": {**function, "Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
        },
    )
    config = account.client("lambda").get_function_configuration(FunctionName=made["F"])
    assert [row["Arn"] for row in config["Layers"]] == [made["Layer"]]
    arn, version = made["Layer"].rsplit(":", 1)
    assert (
        "GetLayerVersion"
        in account.client("lambda").get_layer_version_policy(LayerName=arn, VersionNumber=int(version))["Policy"]
    )
    assert delete(account, "layer") == "DELETE_COMPLETE"


def test_policies_of_buses_and_logs_and_groups_of_schedules(account: InprocessAccount) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "events:PutEvents"}
    statement["Resource"] = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    logs = json.dumps({"Version": "2012-10-17", "Statement": []})
    deploy(
        account,
        "more",
        {
            "Bus": {"Type": "AWS::Events::EventBusPolicy", "Properties": {"StatementId": "all", "Statement": statement}},
            "Logs": {"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyName": "p", "PolicyDocument": logs}},
            "Group": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "mine"}},
        },
    )
    assert '"all"' in account.client("events").describe_event_bus()["Policy"]
    assert account.client("logs").describe_resource_policies()["resourcePolicies"][0]["policyName"] == "p"
    assert account.client("scheduler").get_schedule_group(Name="mine")["State"] == "ACTIVE"
    assert delete(account, "more") == "DELETE_COMPLETE"


def test_a_service_role_is_what_the_stack_may_do(account: InprocessAccount) -> None:
    iam = account.client("iam")
    trust = json.dumps(TRUST).replace("lambda.", "cloudformation.")
    iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=trust)
    role = "arn:aws:iam::123456789012:role/deployer"
    template = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="poor", TemplateBody=template, RoleARN=role)
    assert cloud.describe_stacks(StackName="poor")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloud.describe_stack_events(StackName="poor")["StackEvents"]
    reason = next(row["ResourceStatusReason"] for row in events if row["ResourceStatus"] == "CREATE_FAILED")
    assert "assumed-role/deployer/AWSCloudFormation" in reason


def test_a_protected_stack_stays(account: InprocessAccount) -> None:
    deploy(account, "safe", {"Q": {"Type": "AWS::SQS::Queue"}}, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        delete(account, "safe")


def test_an_injected_fault_fails_a_deployment(account: InprocessAccount) -> None:
    account.control.add_fault(service="sqs", operation="CreateQueue", error={"code": "ServiceUnavailable"})
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="faulty", TemplateBody=json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}))
    assert cloud.describe_stacks(StackName="faulty")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    account.control.clear_faults()


def test_two_hundred_resources_are_no_deeper_than_two(account: InprocessAccount) -> None:
    deploy(
        account,
        "big",
        {f"P{n}": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}} for n in range(200)},
    )
    assert delete(account, "big") == "DELETE_COMPLETE"


ROTATES = """
import boto3
sm = boto3.client("secretsmanager")

def handler(event, context):
    arn, token = event["SecretId"], event["ClientRequestToken"]
    if event["Step"] == "createSecret":
        sm.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString=token, VersionStages=["AWSPENDING"])
    elif event["Step"] == "finishSecret":
        old = sm.get_secret_value(SecretId=arn)["VersionId"]
        sm.update_secret_version_stage(SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=old)
"""


def rotation(**properties: Any) -> dict[str, Any]:
    """AWS::SecretsManager::RotationSchedule of CloudFormation's guide, with what it needs."""
    may = {"Statement": [{"Effect": "Allow", "Action": "secretsmanager:*", "Resource": {"Ref": "Secret"}}]}
    role = {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "rotate", "PolicyDocument": may}]}
    function = {"Code": {"ZipFile": ROTATES}, "Handler": "index.handler", "Runtime": "python3.13"}
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Rotator"},
        "Principal": "secretsmanager.amazonaws.com",
    }
    schedule = {"SecretId": {"Ref": "Secret"}, "RotationLambdaARN": {"Fn::GetAtt": ["Rotator", "Arn"]}, **properties}
    return {
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "key", "SecretString": "x"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Rotator": {"Type": "AWS::Lambda::Function", "Properties": {**function, "Role": {"Fn::GetAtt": ["Role", "Arn"]}}},
        "May": {"Type": "AWS::Lambda::Permission", "Properties": permission},
        "Schedule": {"Type": "AWS::SecretsManager::RotationSchedule", "DependsOn": "May", "Properties": schedule},
    }


def test_a_rotation_schedule_rotates_at_once_and_ends_with_its_resource(account: InprocessAccount) -> None:
    resources = rotation(RotationRules={"AutomaticallyAfterDays": 30})
    made = deploy(account, "rotating", resources)
    assert made["Schedule"] == made["Secret"]
    account.control.advance(0)
    secrets = account.client("secretsmanager")
    assert secrets.get_secret_value(SecretId="key")["SecretString"] != "x"
    assert secrets.describe_secret(SecretId="key")["RotationRules"] == {"AutomaticallyAfterDays": 30}

    cloud = account.client("cloudformation")
    resources["Schedule"]["Properties"]["RotationRules"] = {"AutomaticallyAfterDays": 7}
    resources["Schedule"]["Properties"]["RotateImmediatelyOnUpdate"] = False
    text = json.dumps({"Resources": resources})
    cloud.update_stack(StackName="rotating", TemplateBody=text, Capabilities=["CAPABILITY_IAM"])
    account.control.advance(0)
    assert secrets.describe_secret(SecretId="key")["RotationRules"] == {"AutomaticallyAfterDays": 7}
    assert any(entry["title"] == "TestRotation of key started" for entry in account.control.timeline())

    del resources["Schedule"]
    text = json.dumps({"Resources": resources})
    cloud.update_stack(StackName="rotating", TemplateBody=text, Capabilities=["CAPABILITY_IAM"])
    assert secrets.describe_secret(SecretId="key")["RotationEnabled"] is False
    assert delete(account, "rotating") == "DELETE_COMPLETE"
