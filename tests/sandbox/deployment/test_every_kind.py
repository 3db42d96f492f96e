from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sandbox.deployment.kinds  # noqa: F401  # declares the types
from sandbox.account import InprocessAccount, inprocess_account
from sandbox.deployment.kind import KINDS
from sandbox.deployment.template import parse

TEMPLATE = (Path(__file__).parent / "every_kind.yaml").read_text()
ELSEWHERE = {  # types with tests of their own
    "AWS::CloudFormation::CustomResource",
    "AWS::Events::EventBusPolicy",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::LayerVersionPermission",
    "AWS::Logs::ResourcePolicy",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::Signer::SigningProfile",
}


@pytest.fixture(name="account", scope="module")
def account_with_everything() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5) as account:
        yield account


@pytest.fixture(name="made", scope="module")
def stack_with_everything(account: InprocessAccount) -> dict[str, str]:
    """Physical ids by logical ids."""
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="all", TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"], DisableRollback=True)
    events = cloud.describe_stack_events(StackName="all")["StackEvents"]
    failed = [
        (row["LogicalResourceId"], row["ResourceStatusReason"]) for row in events if row["ResourceStatus"] == "CREATE_FAILED"
    ]
    assert failed == []
    rows = cloud.describe_stack_resources(StackName="all")["StackResources"]
    return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}


def test_every_type_is_in_the_template() -> None:
    used = {row["Type"] for row in parse(TEMPLATE)["Resources"].values()}
    gateway = {name for name in KINDS if name.startswith("AWS::ApiGateway")}
    assert set(KINDS) - used - gateway == ELSEWHERE


def test_what_a_bucket_was_given_took_effect(account: InprocessAccount, made: dict[str, str]) -> None:
    s3, bucket = account.client("s3"), made["B"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["MaxAgeSeconds"] == 30
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["Expiration"]["Days"] == 3
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    rule = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert (rule["Events"], rule["Filter"]["Key"]["FilterRules"][0]["Value"]) == (["s3:ObjectCreated:*"], "in/")
    assert "s3:GetObject" in s3.get_bucket_policy(Bucket=bucket)["Policy"]


def test_what_a_function_was_given_took_effect(account: InprocessAccount, made: dict[str, str]) -> None:
    functions, name = account.client("lambda"), made["F"]
    config = functions.get_function(FunctionName=name)
    assert config["Concurrency"]["ReservedConcurrentExecutions"] == 3
    assert config["Tags"] == {"a": "b"}
    assert functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == "1"
    mappings = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    assert sorted(row.get("BatchSize") for row in mappings) == [5, 100]
    assert functions.get_function_event_invoke_config(FunctionName=name)["MaximumRetryAttempts"] == 1
    assert functions.get_function_url_config(FunctionName=name)["AuthType"] == "NONE"


def test_a_dynamic_reference_is_looked_up_and_kept_out_of_the_stack(account: InprocessAccount, made: dict[str, str]) -> None:
    assert account.client("ssm").get_parameter(Name=made["P2"])["Parameter"]["Value"] == "x"
    detail: Any = account.account.stacks.get("123456789012", "us-east-1", "all").resources["P2"].properties
    assert detail["Value"].startswith("{{resolve:secretsmanager:")


def test_state_machines_and_targets_took_effect(account: InprocessAccount, made: dict[str, str]) -> None:
    definition = account.client("stepfunctions").describe_state_machine(stateMachineArn=made["SM"])["definition"]
    assert "${X}" not in definition
    targets = account.client("events").list_targets_by_rule(Rule=made["Rule"].split("|")[-1], EventBusName="orders")
    assert targets["Targets"][0]["Id"] == "q"


def test_everything_goes_with_the_stack(account: InprocessAccount, made: dict[str, str]) -> None:
    assert made
    cloud = account.client("cloudformation")
    identifier = cloud.describe_stacks(StackName="all")["Stacks"][0]["StackId"]
    cloud.delete_stack(StackName="all")
    shown = cloud.describe_stacks(StackName=identifier)["Stacks"][0]
    assert (shown["StackStatus"], shown.get("StackStatusReason")) == ("DELETE_COMPLETE", None)
    assert account.client("lambda").list_functions()["Functions"] == []
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert account.client("dynamodb").list_tables()["TableNames"] == []
