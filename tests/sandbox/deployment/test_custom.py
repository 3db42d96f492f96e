"""Custom resources: functions that make what CloudFormation does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.account import InprocessAccount, inprocess_account

ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
"""  # noqa: E501
TEMPLATE = f"""
Parameters: {{Word: {{Type: String, Default: one}}}}
Resources:
{ROLE}
  Maker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import cfnresponse
          def handler(event, context):
              print("ASKED", event["RequestType"])
              word = event["ResourceProperties"]["Word"]
              status = cfnresponse.FAILED if word == "bad" else cfnresponse.SUCCESS
              data = {{"Loud": word.upper(), "Number": event["ResourceProperties"]["Number"]}}
              cfnresponse.send(event, context, status, data, "thing-of-mine", reason="no " + word)
  Thing:
    Type: Custom::Thing
    Properties: {{ServiceToken: !GetAtt Maker.Arn, Word: !Ref Word, Number: 5}}
Outputs:
  Loud: {{Value: !GetAtt Thing.Loud}}
  Number: {{Value: !GetAtt Thing.Number}}
  Id: {{Value: !Ref Thing}}
"""


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5) as account:
        yield account


@pytest.fixture(name="account")
def fresh_account(shared: InprocessAccount) -> InprocessAccount:
    shared.reset()
    return shared


def create(account: InprocessAccount, template: str = TEMPLATE, **more: Any) -> Any:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=template, Capabilities=["CAPABILITY_IAM"], **more)
    return cloud


def outputs(cloud: Any) -> dict[str, str]:
    shown = cloud.describe_stacks(StackName="app")["Stacks"][0]
    return {row["OutputKey"]: row["OutputValue"] for row in shown.get("Outputs", [])} | {"status": shown["StackStatus"]}


def test_what_the_function_answers_can_be_used(account: InprocessAccount) -> None:
    cloud = create(account)
    account.control.until_quiet()
    assert outputs(cloud) == {"Loud": "ONE", "Number": "5", "Id": "thing-of-mine", "status": "CREATE_COMPLETE"}
    two = [{"ParameterKey": "Word", "ParameterValue": "two"}]
    cloud.update_stack(StackName="app", UsePreviousTemplate=True, Parameters=two, Capabilities=["CAPABILITY_IAM"])
    account.control.until_quiet()
    assert outputs(cloud)["Loud"] == "TWO"
    cloud.delete_stack(StackName="app")
    account.control.until_quiet()
    events = account.client("logs").filter_log_events(logGroupName=group(account), filterPattern="ASKED")["events"]
    assert [row["message"].split()[-1] for row in events] == ["Create", "Update", "Delete"]


def group(account: InprocessAccount) -> str:
    return str(account.client("logs").describe_log_groups()["logGroups"][0]["logGroupName"])


def test_a_function_that_says_no_takes_the_stack_back(account: InprocessAccount) -> None:
    cloud = create(account, Parameters=[{"ParameterKey": "Word", "ParameterValue": "bad"}])
    account.control.until_quiet()
    assert outputs(cloud)["status"] == "ROLLBACK_FAILED"  # it says no to Delete as well
    events = cloud.describe_stack_events(StackName="app")["StackEvents"]
    reasons = [row.get("ResourceStatusReason", "") for row in events if row["LogicalResourceId"] == "Thing"]
    assert any(reason.endswith("Message returned: no bad") for reason in reasons)


def test_a_function_that_never_answers_fails_after_an_hour(account: InprocessAccount) -> None:
    mute = TEMPLATE.replace('cfnresponse.send(event, context, status, data, "thing-of-mine", reason="no " + word)', "pass")
    cloud = create(account, mute, OnFailure="DO_NOTHING")
    account.control.advance(3590)
    assert outputs(cloud)["status"] == "CREATE_IN_PROGRESS"
    account.control.advance(20)
    assert outputs(cloud)["status"] == "CREATE_FAILED"


def test_a_letter_without_its_signature_is_not_taken(account: InprocessAccount) -> None:
    address = "https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com/x?Signature=y"
    body = json.dumps({"Status": "SUCCESS"}).encode()
    assert account.door.http_call(address, "PUT", {}, body).status == 403
