"""CodeDeploy."""

from __future__ import annotations

from typing import Any

from sandbox.deployment.kind import Api, Steps, Work, kind

_GROUP = "ServiceRoleArn DeploymentConfigName AlarmConfiguration AutoRollbackConfiguration DeploymentStyle TriggerConfigurations"


def _create_application(work: Work) -> Steps:
    name = work.name("ApplicationName", 100)
    yield Api("codedeploy", "CreateApplication", {"applicationName": name, **work.pick("ComputePlatform", "Tags")})
    work.physical_id = name


def _delete_application(work: Work) -> Steps:
    yield Api("codedeploy", "DeleteApplication", {"applicationName": work.physical_id})


def _create_group(work: Work) -> Steps:
    name = work.name("DeploymentGroupName", 100)
    given = work.pick("ApplicationName", "Tags", *_GROUP.split())
    yield Api("codedeploy", "CreateDeploymentGroup", {"deploymentGroupName": name, **given})
    work.physical_id = name


def _update_group(work: Work) -> Steps:
    unset: dict[str, Any] = {"AlarmConfiguration": {"enabled": False}, "AutoRollbackConfiguration": {"enabled": False}}
    unset["TriggerConfigurations"] = []
    gone = {name: value for name, value in unset.items() if name in work.old and name not in work.properties}
    given = {**work.pick("ApplicationName", *_GROUP.split()), **gone}
    yield Api("codedeploy", "UpdateDeploymentGroup", {"currentDeploymentGroupName": work.physical_id, **given})


def _delete_group(work: Work) -> Steps:
    params = {**work.pick("ApplicationName"), "deploymentGroupName": work.physical_id}
    yield Api("codedeploy", "DeleteDeploymentGroup", params)


def _create_config(work: Work) -> Steps:
    name = work.name("DeploymentConfigName", 100)
    given = work.pick("ComputePlatform", "TrafficRoutingConfig")
    yield Api("codedeploy", "CreateDeploymentConfig", {"deploymentConfigName": name, **given})
    work.physical_id = name


def _delete_config(work: Work) -> Steps:
    yield Api("codedeploy", "DeleteDeploymentConfig", {"deploymentConfigName": work.physical_id})


kind("AWS::CodeDeploy::Application", _create_application, _delete_application, props="ApplicationName ComputePlatform Tags")
kind(
    "AWS::CodeDeploy::DeploymentGroup", _create_group, _delete_group, _update_group,
    props=f"{_GROUP} Tags", required="ApplicationName ServiceRoleArn", fixed="ApplicationName DeploymentGroupName",
)  # fmt: skip
kind(
    "AWS::CodeDeploy::DeploymentConfig", _create_config, _delete_config,
    props="DeploymentConfigName ComputePlatform TrafficRoutingConfig",
)  # fmt: skip
