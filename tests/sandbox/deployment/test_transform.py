"""SAM templates, through AWS's own translator and CodeDeploy, in an in-process account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account

TEMPLATE = (Path(__file__).parent / "serverless.yaml").read_text()
READER = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Policies: [{DynamoDBReadPolicy: {TableName: TABLE}}]
"""
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5) as account:
        yield account


@pytest.fixture(name="account")
def fresh_account(shared: InprocessAccount) -> InprocessAccount:
    shared.reset()
    return shared


def test_policy_templates_are_read_once_and_keep_nothing_of_a_template(account: InprocessAccount) -> None:
    translator = import_module("samtranslator.translator.translator")
    texts = []
    for name in ("first", "second", "first"):
        made = account.client("cloudformation").create_stack(
            StackName=f"{name}-{len(texts)}", TemplateBody=READER.replace("TABLE", name), Capabilities=CAPABILITIES
        )
        held = account.client("cloudformation").get_template(StackName=made["StackId"], TemplateStage="Processed")
        texts.append(json.dumps(held["TemplateBody"]))
    assert translator.make_policy_template_for_function_plugin.cache_info().misses == 1
    assert texts[0] == texts[2]
    assert ("table/first" in texts[1], "first" in texts[1], "second" in texts[1]) == (False, False, True)


def status(account: InprocessAccount) -> str:
    return str(account.client("cloudformation").describe_stacks(StackName="sam")["Stacks"][0]["StackStatus"])


def physical(account: InprocessAccount, name: str) -> str:
    detail = account.client("cloudformation").describe_stack_resource(StackName="sam", LogicalResourceId=name)
    return str(detail["StackResourceDetail"]["PhysicalResourceId"])


def deploy(account: InprocessAccount, template: str = TEMPLATE) -> None:
    account.client("cloudformation").create_stack(StackName="sam", TemplateBody=template, Capabilities=CAPABILITIES)
    assert status(account) == "CREATE_COMPLETE"


def test_globals_policies_and_every_event_come_to_be(account: InprocessAccount) -> None:
    deploy(account)
    functions, name = account.client("lambda"), physical(account, "F")
    config = functions.get_function_configuration(FunctionName=name)
    assert (config["Runtime"], config["Timeout"], config["Environment"]["Variables"]) == ("python3.13", 9, {"STAGE": "b"})
    assert len(functions.list_event_source_mappings()["EventSourceMappings"]) == 3
    bucket = physical(account, "Bucket")
    notification = account.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    assert len(notification["LambdaFunctionConfigurations"]) == 1
    assert len(account.client("sns").list_subscriptions()["Subscriptions"]) == 1
    assert len(account.client("events").list_rules()["Rules"]) == 2
    assert len(account.client("scheduler").list_schedules()["Schedules"]) == 1


def test_a_deployment_preference_shifts_the_alias_in_account_time(account: InprocessAccount) -> None:
    deploy(account)
    cloud, functions, name = account.client("cloudformation"), account.client("lambda"), physical(account, "F")
    cloud.update_stack(StackName="sam", TemplateBody=TEMPLATE.replace("return 1", "return 2"), Capabilities=CAPABILITIES)
    assert status(account) == "UPDATE_IN_PROGRESS"
    weights = functions.get_alias(FunctionName=name, Name="live")["RoutingConfig"]["AdditionalVersionWeights"]
    assert weights == {"2": 0.1}
    account.control.advance(301)
    assert status(account) == "UPDATE_COMPLETE"
    assert functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == "2"


def test_a_deployment_that_is_stopped_rolls_the_stack_back(account: InprocessAccount) -> None:
    deploy(account)
    cloud, rollouts, name = account.client("cloudformation"), account.client("codedeploy"), physical(account, "F")
    cloud.update_stack(StackName="sam", TemplateBody=TEMPLATE.replace("return 1", "return 2"), Capabilities=CAPABILITIES)
    deployment = rollouts.list_deployments(includeOnlyStatuses=["InProgress"])["deployments"][0]
    rollouts.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
    assert status(account) == "UPDATE_ROLLBACK_COMPLETE"
    alias = account.client("lambda").get_alias(FunctionName=name, Name="live")
    assert (alias["FunctionVersion"], "RoutingConfig" in alias) == ("1", False)


def test_macros_must_be_acknowledged(account: InprocessAccount) -> None:
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_AUTO_EXPAND\]"):
        account.client("cloudformation").create_stack(StackName="sam", TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"])


def test_a_mistake_in_a_serverless_resource_is_said_as_sam_says_it(account: InprocessAccount) -> None:
    broken = TEMPLATE.replace("      Handler: index.handler\n", "      Handel: index.handler\n", 1)
    with pytest.raises(ClientError, match=r"Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application"):
        account.client("cloudformation").create_stack(StackName="sam", TemplateBody=broken, Capabilities=CAPABILITIES)


def test_the_processed_template_is_the_one_after_all_transforms(account: InprocessAccount) -> None:
    """CloudFormation API reference, GetTemplate, TemplateStage: "Processed" is the template after all transforms."""
    deploy(account)
    client = account.client("cloudformation")
    original = client.get_template(StackName="sam")["TemplateBody"]
    processed = client.get_template(StackName="sam", TemplateStage="Processed")["TemplateBody"]
    assert original == TEMPLATE
    kinds = {resource["Type"] for resource in processed["Resources"].values()}
    assert "AWS::Lambda::Function" in kinds
    assert not any(kind.startswith("AWS::Serverless::") for kind in kinds)
