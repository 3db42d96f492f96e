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
