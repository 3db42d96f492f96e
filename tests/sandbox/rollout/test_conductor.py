"""CodeDeploy for Lambda end to end: an in-process account in virtual time, through boto3 and the gate."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.account import InprocessAccount, inprocess_account

HOOK = """
import boto3
def handler(event, context):
    boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"], lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"], status="STATUS")
"""
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROLLBACK = {"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]}
CANARY = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
SERVICE_ROLE = "arn:aws:iam::123456789012:role/codedeploy"


class Stage:
    """A function with versions 1 and 2, the alias ``live`` at 1, and an application with a group."""

    def __init__(self, account: InprocessAccount) -> None:
        self.account = account
        self.deploy = account.client("codedeploy")
        self.functions = account.client("lambda")
        iam = account.client("iam")
        for name, who in (("function", "lambda"), ("codedeploy", "codedeploy")):
            trust = {"Effect": "Allow", "Principal": {"Service": f"{who}.amazonaws.com"}, "Action": "sts:AssumeRole"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        iam.put_role_policy(RoleName="function", PolicyName="all", PolicyDocument=json.dumps(ALL))
        iam.attach_role_policy(RoleName="codedeploy", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda")
        self.make("app", "def handler(event, context):\n    return 1\n")
        self.functions.publish_version(FunctionName="app")
        self.functions.update_function_code(FunctionName="app", ZipFile=zipped("def handler(event, context):\n    return 2\n"))
        self.functions.publish_version(FunctionName="app")
        self.functions.create_alias(FunctionName="app", Name="live", FunctionVersion="1")
        self.deploy.create_application(applicationName="shop", computePlatform="Lambda")

    def make(self, name: str, source: str) -> None:
        role = "arn:aws:iam::123456789012:role/function"
        self.functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=role, Handler="app.handler", Code={"ZipFile": zipped(source)}
        )

    def group(self, **more: Any) -> None:
        chosen: dict[str, Any] = {"autoRollbackConfiguration": ROLLBACK, "deploymentConfigName": CANARY, **more}
        self.deploy.create_deployment_group(
            applicationName="shop", deploymentGroupName="live", serviceRoleArn=SERVICE_ROLE, **chosen
        )

    def start(self, hooks: list[dict[str, str]] | None = None, current: str = "1", target: str = "2") -> str:
        properties = {"Name": "app", "Alias": "live", "CurrentVersion": current, "TargetVersion": target}
        spec = {
            "version": 0.0,
            "Resources": [{"app": {"Type": "AWS::Lambda::Function", "Properties": properties}}],
            "Hooks": hooks or [],
        }
        revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(spec)}}
        answer = self.deploy.create_deployment(applicationName="shop", deploymentGroupName="live", revision=revision)
        return str(answer["deploymentId"])

    def info(self, deployment: str) -> dict[str, Any]:
        info: dict[str, Any] = self.deploy.get_deployment(deploymentId=deployment)["deploymentInfo"]
        return info

    def alias(self) -> tuple[str, dict[str, float]]:
        shown = self.functions.get_alias(FunctionName="app", Name="live")
        return shown["FunctionVersion"], shown.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})

    def events(self, deployment: str) -> dict[str, str]:
        target = self.deploy.list_deployment_targets(deploymentId=deployment)["targetIds"][0]
        shown = self.deploy.get_deployment_target(deploymentId=deployment, targetId=target)["deploymentTarget"]["lambdaTarget"]
        return {event["lifecycleEventName"]: event["status"] for event in shown["lifecycleEvents"]}


def zipped(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


@pytest.fixture(name="shared", scope="module")
def account_of_this_file() -> Iterator[InprocessAccount]:
    with inprocess_account(seed=5, start=1_800_000_000.0) as account:  # a full minute, so alarms are next evaluated in 60 s
        yield account


@pytest.fixture(name="stage")
def fresh_stage(shared: InprocessAccount) -> Stage:
    shared.reset()
    return Stage(shared)


def test_a_canary_moves_a_tenth_waits_and_moves_the_rest(stage: Stage) -> None:
    stage.group()
    deployment = stage.start()
    assert (stage.alias(), stage.info(deployment)["status"]) == (("1", {"2": 0.1}), "InProgress")
    stage.account.control.advance(299)
    assert stage.alias() == ("1", {"2": 0.1})
    stage.account.control.advance(1)
    assert (stage.alias(), stage.info(deployment)["status"]) == (("2", {}), "Succeeded")
    assert stage.events(deployment) == {
        "BeforeAllowTraffic": "Skipped",
        "AllowTraffic": "Succeeded",
        "AfterAllowTraffic": "Skipped",
    }


def test_a_linear_configuration_moves_ten_percent_a_minute(stage: Stage) -> None:
    stage.group(deploymentConfigName="CodeDeployDefault.LambdaLinear10PercentEvery1Minute")
    deployment = stage.start()
    seen = []
    for _ in range(9):
        seen.append(stage.alias()[1]["2"])
        stage.account.control.advance(60)
    assert seen == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert (stage.alias(), stage.info(deployment)["status"]) == (("2", {}), "Succeeded")


def test_all_at_once_is_over_when_the_call_returns(stage: Stage) -> None:
    stage.group(deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce")
    assert stage.info(stage.start())["status"] == "Succeeded"
    assert stage.alias() == ("2", {})


def test_a_custom_configuration_is_followed(stage: Stage) -> None:
    routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 25, "canaryInterval": 2}}
    stage.deploy.create_deployment_config(deploymentConfigName="quarter", computePlatform="Lambda", trafficRoutingConfig=routing)
    stage.group(deploymentConfigName="quarter")
    stage.start()
    assert stage.alias() == ("1", {"2": 0.25})
    stage.account.control.advance(120)
    assert stage.alias() == ("2", {})


def test_both_hooks_run_and_report(stage: Stage) -> None:
    stage.make("CodeDeployHook_check", HOOK.replace("STATUS", "Succeeded"))
    stage.group(deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce")
    hook = "CodeDeployHook_check"
    deployment = stage.start([{"BeforeAllowTraffic": hook}, {"AfterAllowTraffic": hook}])
    stage.account.control.until_quiet()
    assert stage.info(deployment)["status"] == "Succeeded"
    assert set(stage.events(deployment).values()) == {"Succeeded"}
    invokes = [call for call in stage.account.control.calls(service="lambda") if call["operation"] == "Invoke"]
    assert {call["principal"] for call in invokes} == {"arn:aws:sts::123456789012:assumed-role/codedeploy/CodeDeploy"}


def test_a_failing_first_hook_lets_no_traffic_through(stage: Stage) -> None:
    stage.make("CodeDeployHook_check", HOOK.replace("STATUS", "Failed"))
    stage.group()
    deployment = stage.start([{"BeforeAllowTraffic": "CodeDeployHook_check"}])
    stage.account.control.until_quiet()
    assert (stage.info(deployment)["status"], stage.alias()) == ("Failed", ("1", {}))
    assert stage.events(deployment) == {
        "BeforeAllowTraffic": "Failed",
        "AllowTraffic": "Skipped",
        "AfterAllowTraffic": "Skipped",
    }
    weights = [call for call in stage.account.control.calls(service="lambda") if call["operation"] == "UpdateAlias"]
    assert len(weights) == 1  # the rollback's own


def test_a_failing_last_hook_takes_the_traffic_back(stage: Stage) -> None:
    stage.make("CodeDeployHook_check", HOOK.replace("STATUS", "Failed"))
    stage.group()
    deployment = stage.start([{"AfterAllowTraffic": "CodeDeployHook_check"}])
    stage.account.control.until_quiet()
    info = stage.info(deployment)
    assert (info["status"], info["errorInformation"]["code"], stage.alias()) == ("Failed", "HOOK_EXECUTION_FAILURE", ("1", {}))
    back = stage.info(info["rollbackInfo"]["rollbackDeploymentId"])
    assert (back["status"], back["creator"]) == ("Succeeded", "codeDeployRollback")
    assert back["rollbackInfo"]["rollbackTriggeringDeploymentId"] == deployment


def test_a_hook_that_never_reports_fails_after_an_hour(stage: Stage) -> None:
    stage.make("CodeDeployHook_mute", "def handler(event, context):\n    return None\n")
    stage.group()
    deployment = stage.start([{"BeforeAllowTraffic": "CodeDeployHook_mute"}])
    stage.account.control.advance(3599)
    assert stage.info(deployment)["status"] == "InProgress"
    stage.account.control.advance(2)
    assert stage.info(deployment)["status"] == "Failed"


def test_a_hook_the_service_role_may_not_invoke_fails_the_deployment(stage: Stage) -> None:
    stage.make("check", HOOK.replace("STATUS", "Succeeded"))  # the managed policy allows CodeDeployHook_* only
    stage.group()
    assert stage.info(stage.start([{"BeforeAllowTraffic": "check"}]))["status"] == "Failed"
    assert stage.alias() == ("1", {})


def alarm(stage: Stage, state: str) -> None:
    metrics = stage.account.client("cloudwatch")
    metrics.put_metric_alarm(
        AlarmName="errors", Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
    )  # fmt: skip
    metrics.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="test")


ALARMS = {"enabled": True, "alarms": [{"name": "errors"}]}


def test_an_alarm_that_fires_stops_the_deployment_and_rolls_back(stage: Stage) -> None:
    alarm(stage, "OK")
    stage.group(alarmConfiguration=ALARMS)
    deployment = stage.start()
    stage.account.control.advance(30)
    assert stage.alias() == ("1", {"2": 0.1})
    stage.account.client("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    stage.account.control.advance(15)
    info = stage.info(deployment)
    assert (info["status"], info["errorInformation"]["code"], stage.alias()) == ("Stopped", "ALARM_ACTIVE", ("1", {}))
    assert "errors" in info["errorInformation"]["message"]
    stage.account.control.advance(600)
    assert stage.alias() == ("1", {})


def test_without_automatic_rollback_the_weights_stay_where_the_alarm_found_them(stage: Stage) -> None:
    alarm(stage, "OK")
    stage.group(alarmConfiguration=ALARMS, autoRollbackConfiguration={"enabled": False})
    stage.start()
    stage.account.client("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    stage.account.control.advance(600)
    assert stage.alias() == ("1", {"2": 0.1})


def test_an_alarm_that_rings_already_keeps_a_deployment_from_beginning(stage: Stage) -> None:
    alarm(stage, "ALARM")
    stage.group(alarmConfiguration=ALARMS)
    assert stage.info(stage.start())["errorInformation"]["code"] == "ALARM_ACTIVE"
    assert stage.alias() == ("1", {})


def test_a_stop_on_request_can_roll_back(stage: Stage) -> None:
    stage.group()
    deployment = stage.start()
    assert stage.deploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)["status"] == "Succeeded"
    assert (stage.info(deployment)["status"], stage.alias()) == ("Stopped", ("1", {}))
    with pytest.raises(ClientError, match="DeploymentAlreadyCompletedException"):
        stage.deploy.stop_deployment(deploymentId=deployment)


def test_one_group_has_one_deployment_at_a_time(stage: Stage) -> None:
    stage.group()
    stage.start()
    with pytest.raises(ClientError, match="DeploymentLimitExceededException"):
        stage.start()


def test_a_deployment_from_another_version_than_the_alias_has_fails(stage: Stage) -> None:
    stage.group()
    info = stage.info(stage.start(current="2", target="1"))
    assert info["errorInformation"]["code"] == "INVALID_LAMBDA_CONFIGURATION"
    assert "does not match the current version in AppSpec file" in info["errorInformation"]["message"]


def test_a_service_role_without_permission_is_said_by_name(stage: Stage) -> None:
    stage.account.client("iam").detach_role_policy(
        RoleName="codedeploy", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"
    )
    stage.group()
    error = stage.info(stage.start())["errorInformation"]
    assert error["code"] == "IAM_ROLE_PERMISSIONS"
    assert SERVICE_ROLE in error["message"]


def test_an_execution_id_from_nowhere_is_refused(stage: Stage) -> None:
    stage.group()
    with pytest.raises(ClientError, match="InvalidLifecycleEventHookExecutionIdException"):
        stage.deploy.put_lifecycle_event_hook_execution_status(
            deploymentId=stage.start(), lifecycleEventHookExecutionId="x", status="Succeeded"
        )


def test_other_platforms_are_refused_by_name(stage: Stage) -> None:
    with pytest.raises(ClientError, match="Server is not supported"):
        stage.deploy.create_application(applicationName="servers", computePlatform="Server")
    with pytest.raises(ClientError, match="ec2TagFilters can not be specified"):
        stage.group(ec2TagFilters=[{"Key": "a", "Value": "b", "Type": "KEY_AND_VALUE"}])


def test_the_timeline_says_each_step_with_the_call_that_began_it(stage: Stage) -> None:
    stage.group()
    deployment = stage.start()
    stage.account.control.advance(300)
    entries = stage.account.account.timeline.since(0, kind="codedeploy")
    assert [entry.title for entry in entries] == [
        f"deployment {deployment} begins with {CANARY}",
        "10 % of app:live goes to version 2",
        "100 % of app:live goes to version 2",
        f"deployment {deployment}: Succeeded",
    ]
    causes = {stage.account.account.timeline.chain(entry.id)[0].title for entry in entries}
    assert causes == {"codedeploy:CreateDeployment"}
