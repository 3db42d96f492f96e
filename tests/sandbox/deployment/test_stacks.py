"""CloudFormation end to end: an in-process account, through boto3 and the gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account
from sandbox.deployment.runner import said
from sandbox.errors import AwsError

APP = """
AWSTemplateFormatVersion: "2010-09-09"
Description: A function and what it needs
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: "60"
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead:
    Type: AWS::SQS::Queue
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: "7"
      Environment:
        Variables:
          QUEUE: !Ref Queue
          STAGE: !Ref Stage
      Code:
        ZipFile: |
          import os
          def handler(event, context):
              return os.environ["STAGE"]
  OnlyInProd:
    Type: AWS::SNS::Topic
    Condition: IsProd
Outputs:
  Name: {Value: !Ref Function, Export: {Name: !Sub "${AWS::StackName}-function"}}
  Topic: {Condition: IsProd, Value: !Ref OnlyInProd}
"""
CAPABILITIES = ["CAPABILITY_IAM"]


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5) as account:
        yield account


@pytest.fixture(name="account")
def fresh_account(shared: InprocessAccount) -> InprocessAccount:
    shared.reset()
    return shared


def stack(account: InprocessAccount, name: str = "app") -> dict[str, Any]:
    found: dict[str, Any] = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return found


def reasons(account: InprocessAccount, name: str = "app") -> dict[str, str]:
    events = account.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    return {
        event["LogicalResourceId"]: event["ResourceStatusReason"]
        for event in events
        if event["ResourceStatus"].endswith("_FAILED") and "ResourceStatusReason" in event
    }


def resource(kind: str, **properties: Any) -> str:
    return json.dumps({"Resources": {"Thing": {"Type": kind, "Properties": properties}}})


def test_a_template_becomes_working_resources(account: InprocessAccount) -> None:
    account.client("cloudformation").create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)
    shown = stack(account)
    assert shown["StackStatus"] == "CREATE_COMPLETE", reasons(account)
    outputs = {row["OutputKey"]: row["OutputValue"] for row in shown["Outputs"]}
    assert set(outputs) == {"Name"}
    functions = account.client("lambda")
    assert json.loads(functions.invoke(FunctionName=outputs["Name"])["Payload"].read()) == "dev"
    assert functions.get_function_configuration(FunctionName=outputs["Name"])["Timeout"] == 7
    assert outputs["Name"].startswith("app-Function-")


def test_an_update_changes_what_changed_and_nothing_else(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)
    before = account.account.calls.total
    prod = [{"ParameterKey": "Stage", "ParameterValue": "prod"}]
    cloud.update_stack(StackName="app", UsePreviousTemplate=True, Parameters=prod, Capabilities=CAPABILITIES)
    shown = stack(account)
    assert shown["StackStatus"] == "UPDATE_COMPLETE", reasons(account)
    made = [call["operation"] for call in account.control.calls(since=before) if call["service"] != "cloudformation"]
    assert made == ["CreateTopic", "UpdateFunctionConfiguration"]
    name = next(row["OutputValue"] for row in shown["Outputs"] if row["OutputKey"] == "Name")
    assert json.loads(account.client("lambda").invoke(FunctionName=name)["Payload"].read()) == "prod"


def test_deleting_a_stack_removes_everything_it_made(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)
    cloud.delete_stack(StackName="app")
    with pytest.raises(ClientError, match="does not exist"):
        stack(account)
    assert account.client("lambda").list_functions()["Functions"] == []
    assert "QueueUrls" not in account.client("sqs").list_queues()
    assert account.client("iam").list_roles()["Roles"] == []


def test_what_fails_takes_everything_back_and_says_why(account: InprocessAccount) -> None:
    broken = APP.replace("Handler: index.handler", "Handler: index.handler\n      Memory: 128")
    account.client("cloudformation").create_stack(StackName="app", TemplateBody=broken, Capabilities=CAPABILITIES)
    assert stack(account)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert reasons(account)["Function"] == "Encountered unsupported property Memory"
    assert account.client("iam").list_roles()["Roles"] == []
    assert "QueueUrls" not in account.client("sqs").list_queues()


def test_a_service_in_trouble_is_told_apart_from_what_it_refuses() -> None:
    """Resource type handler error codes: ServiceInternalError is for answers with a 5xx."""
    assert said(AwsError("InternalError", "A bad minute.", 500)).endswith("(HandlerErrorCode: ServiceInternalError)")
    assert said(AwsError("InvalidAttributeValue", "No such value.", 400)).endswith("(HandlerErrorCode: InvalidRequest)")


def test_an_update_that_fails_gives_back_the_old_state(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)
    name = stack(account)["Outputs"][0]["OutputValue"]
    broken = APP.replace('Timeout: "7"', 'Timeout: "9"') + "\n  Bad: {Value: !GetAtt Queue.Nonsense}\n"
    cloud.update_stack(StackName="app", TemplateBody=broken, Capabilities=CAPABILITIES)
    assert stack(account)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert account.client("lambda").get_function_configuration(FunctionName=name)["Timeout"] == 7


def test_a_stack_deploys_with_the_rights_of_whoever_deploys_it(account: InprocessAccount) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="junior")
    allowed = {"Effect": "Allow", "Action": ["cloudformation:*"], "Resource": "*"}
    iam.put_user_policy(
        UserName="junior", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    )
    key = iam.create_access_key(UserName="junior")["AccessKey"]
    junior = account.client("cloudformation", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    junior.create_stack(StackName="app", TemplateBody=resource("AWS::SQS::Queue"))
    assert stack(account)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "user/junior is not authorized to perform: sqs:createqueue" in reasons(account)["Thing"].replace(
        "CreateQueue", "createqueue"
    )


def test_nothing_to_do_is_an_error(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloud.update_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("Resources: {A: {Type: AWS::Nope::Thing}}", r"Unrecognized resource types: \[AWS::Nope::Thing\]"),
        ("Resources: {A: {Type: AWS::SQS::Queue, DependsOn: B}}", r"Unresolved resource dependencies \[B\]"),
        ("Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Typo}}}", r"dependencies \[Typo\]"),
        ("Resources: {A: {Type: AWS::SQS::Queue, DependsOn: B}, B: {Type: AWS::SQS::Queue, DependsOn: A}}", "Circular"),
        ("Resources: {}", "At least one Resources member must be defined"),
        ("Resources: [", "YAML not well-formed"),
        ("Resource: {}", "Invalid template property"),
        ("Transform: Nope\nResources: {A: {Type: AWS::SQS::Queue}}", "No transform named"),
    ],
)
def test_a_template_with_a_typo_makes_nothing(account: InprocessAccount, template: str, message: str) -> None:
    before = account.account.calls.total
    with pytest.raises(ClientError, match=message):
        account.client("cloudformation").create_stack(StackName="app", TemplateBody=template)
    assert account.account.calls.total == before + 1
    assert account.client("cloudformation").describe_stacks()["Stacks"] == []


def test_capabilities_and_parameters_are_asked_for(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]"):
        cloud.create_stack(StackName="app", TemplateBody=APP)
    wrong = [{"ParameterKey": "Stage", "ParameterValue": "test"}]
    with pytest.raises(ClientError, match="must be one of AllowedValues"):
        cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES, Parameters=wrong)


def test_what_would_not_be_heeded_is_refused_by_name(account: InprocessAccount) -> None:
    with pytest.raises(ClientError, match="TimeoutInMinutes is not supported by this account"):
        account.client("cloudformation").create_stack(StackName="app", TemplateBody=APP, TimeoutInMinutes=5)
    with pytest.raises(ClientError, match="CreateStackSet is not supported by this account"):
        account.client("cloudformation").create_stack_set(StackSetName="app", TemplateBody=APP)


def test_a_change_set_shows_before_it_does(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_change_set(
        StackName="app", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=APP, Capabilities=CAPABILITIES
    )
    assert stack(account)["StackStatus"] == "REVIEW_IN_PROGRESS"
    shown = cloud.describe_change_set(StackName="app", ChangeSetName="one")
    assert {row["ResourceChange"]["Action"] for row in shown["Changes"]} == {"Add"}
    cloud.execute_change_set(StackName="app", ChangeSetName="one")
    assert stack(account)["StackStatus"] == "CREATE_COMPLETE"
    cloud.create_change_set(StackName="app", ChangeSetName="two", TemplateBody=APP, Capabilities=CAPABILITIES)
    empty = cloud.describe_change_set(StackName="app", ChangeSetName="two")
    assert (empty["Status"], "didn't contain changes" in empty["StatusReason"]) == ("FAILED", True)
    changed = APP.replace('VisibilityTimeout: "60"', 'VisibilityTimeout: "60"\n      QueueName: mine')
    cloud.create_change_set(StackName="app", ChangeSetName="three", TemplateBody=changed, Capabilities=CAPABILITIES)
    rows = {
        row["ResourceChange"]["LogicalResourceId"]: row["ResourceChange"]
        for row in cloud.describe_change_set(StackName="app", ChangeSetName="three")["Changes"]
    }
    assert rows["Queue"]["Replacement"] == "True"


def test_a_name_that_changes_makes_a_new_resource_and_removes_the_old(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=resource("AWS::SQS::Queue", QueueName="one"))
    cloud.update_stack(StackName="app", TemplateBody=resource("AWS::SQS::Queue", QueueName="two"))
    urls = account.client("sqs").list_queues()["QueueUrls"]
    assert [url.rsplit("/", 1)[-1] for url in urls] == ["two"]


def test_an_export_in_use_cannot_go(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)
    user = "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue app-function}}}"
    cloud.create_stack(StackName="user", TemplateBody=user)
    assert stack(account, "user")["StackStatus"] == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match="Export app-function cannot be deleted as it is in use by user"):
        cloud.delete_stack(StackName="app")


def test_what_is_to_be_retained_stays(account: InprocessAccount) -> None:
    template = {"Resources": {"Thing": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain"}}}
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=json.dumps(template))
    cloud.delete_stack(StackName="app")
    assert len(account.client("sqs").list_queues()["QueueUrls"]) == 1


def test_drift_of_a_function_is_found(account: InprocessAccount) -> None:
    cloud = account.client("cloudformation")
    cloud.create_stack(StackName="app", TemplateBody=APP, Capabilities=CAPABILITIES)

    def status() -> str:
        identifier = cloud.detect_stack_drift(StackName="app")["StackDriftDetectionId"]
        found = cloud.describe_stack_drift_detection_status(StackDriftDetectionId=identifier)
        return str(found["StackDriftStatus"])

    assert status() == "IN_SYNC"
    name = stack(account)["Outputs"][0]["OutputValue"]
    account.client("lambda").update_function_configuration(FunctionName=name, Timeout=30)
    assert status() == "DRIFTED"
    drifts = cloud.describe_stack_resource_drifts(StackName="app", StackResourceDriftStatusFilters=["MODIFIED"])
    difference = drifts["StackResourceDrifts"][0]["PropertyDifferences"][0]
    assert (difference["PropertyPath"], difference["ExpectedValue"], difference["ActualValue"]) == ("/Timeout", "7", "30")


DRIFTING = """
Resources:
  Dead: {Type: AWS::SQS::Queue}
  Queue:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 60, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: !GetAtt Dead.QueueName}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
"""


def test_drift_of_queues_and_alarms_is_found_and_nothing_else(account: InprocessAccount) -> None:
    cloud, sqs = account.client("cloudformation"), account.client("sqs")
    cloud.create_stack(StackName="app", TemplateBody=DRIFTING)

    def drift() -> dict[str, tuple[str, list[str]]]:
        cloud.detect_stack_drift(StackName="app")
        rows = cloud.describe_stack_resource_drifts(StackName="app")["StackResourceDrifts"]
        return {
            row["LogicalResourceId"]: (
                row["StackResourceDriftStatus"],
                [one["PropertyPath"] for one in row["PropertyDifferences"]],
            )
            for row in rows
        }

    assert drift() == dict.fromkeys(("Dead", "Queue", "Alarm"), ("IN_SYNC", []))
    url = cloud.describe_stack_resource(StackName="app", LogicalResourceId="Queue")["StackResourceDetail"]["PhysicalResourceId"]
    alarm = cloud.describe_stack_resource(StackName="app", LogicalResourceId="Alarm")["StackResourceDetail"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5", "RedrivePolicy": ""})
    account.client("cloudwatch").delete_alarms(AlarmNames=[alarm["PhysicalResourceId"]])
    found = drift()
    assert found["Queue"] == ("MODIFIED", ["/RedrivePolicy", "/VisibilityTimeout"])
    assert (found["Alarm"], found["Dead"]) == (("DELETED", []), ("IN_SYNC", []))


def test_a_bucket_that_is_there_already_is_not_taken_over(account: InprocessAccount) -> None:
    """Recorded wording: "my-bucket already exists" (svdgraaf/serverless-screenshot#2, the account's own bucket)."""
    account.client("s3").create_bucket(Bucket="kept-by-hand")
    client = account.client("cloudformation")
    body = json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "kept-by-hand"}}}})
    client.create_stack(StackName="second", TemplateBody=body)
    events = client.describe_stack_events(StackName="second")["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert "kept-by-hand already exists" in reasons
    account.client("s3").head_bucket(Bucket="kept-by-hand")


def test_a_second_stack_cannot_claim_a_queue_that_another_has(account: InprocessAccount) -> None:
    """``X already exists in stack ARN``, as CloudFormation said it of tables and functions to serverless/serverless' users."""
    cloud = account.client("cloudformation")
    template = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}}}})
    first = cloud.create_stack(StackName="one", TemplateBody=template)["StackId"]
    second = cloud.create_stack(StackName="two", TemplateBody=template)["StackId"]
    events = cloud.describe_stack_events(StackName=second)["StackEvents"]
    (why,) = [row["ResourceStatusReason"] for row in events if row["ResourceStatus"] == "CREATE_FAILED"]
    assert why.endswith(f"/orders already exists in stack {first}")
    assert stack(account, "two")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert len(account.client("sqs").list_queues()["QueueUrls"]) == 1, "what the first has is not taken back with the second"


def test_a_rollback_keeps_what_it_has_made_to_be_retained(account: InprocessAccount) -> None:
    """API reference, UpdateStack: with RetainExceptOnCreate false, its default, new resources with Retain stay."""
    cloud = account.client("cloudformation")
    base = {"Base": {"Type": "AWS::SQS::Queue"}}
    kept = {"Kept": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain", "Properties": {"QueueName": "kept"}}}
    bad = {"Bad": {"Type": "AWS::SQS::Queue", "DependsOn": "Kept", "Properties": {"VisibilityTimeout": "999999"}}}
    cloud.create_stack(StackName="app", TemplateBody=json.dumps({"Resources": base}))
    cloud.update_stack(StackName="app", TemplateBody=json.dumps({"Resources": {**base, **kept, **bad}}))
    assert stack(account)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    events = cloud.describe_stack_events(StackName="app")["StackEvents"]
    told = {row["LogicalResourceId"]: row["ResourceStatus"] for row in reversed(events)}
    assert (told["Kept"], told["Bad"]) == ("DELETE_SKIPPED", "DELETE_COMPLETE")
    assert account.client("sqs").get_queue_url(QueueName="kept")
    assert [row["LogicalResourceId"] for row in cloud.describe_stack_resources(StackName="app")["StackResources"]] == ["Base"]
