"""Operations on applications, deployment groups, deployment configurations and tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.rollout import pace as paces
from sandbox.rollout.deployment import Deployment
from sandbox.rollout.group import ROLLBACK_EVENTS, Application, Group
from sandbox.rollout.pace import Pace

Params = Mapping[str, Any]
Result = dict[str, Any]
_STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_SERVERS_ONLY = (
    "ec2TagFilters",
    "onPremisesInstanceTagFilters",
    "autoScalingGroups",
    "loadBalancerInfo",
    "ec2TagSet",
    "ecsServices",
    "onPremisesTagSet",
    "blueGreenDeploymentConfiguration",
)
_FIELDS = {
    "serviceRoleArn": "role_arn",
    "deploymentConfigName": "config",
    "alarmConfiguration": "alarms",
    "autoRollbackConfiguration": "auto_rollback",
    "triggerConfigurations": "triggers",
    "deploymentStyle": "style",
}


@dataclass(slots=True)
class Region:
    """What one account has in one Region. ``cause`` is the timeline entry of the call that is being answered."""

    account_id: str
    name: str
    applications: dict[str, Application] = field(default_factory=dict)
    paces: dict[str, tuple[Pace, str, datetime]] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    cause: int = 0


class Groups:
    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self.regions: dict[tuple[str, str], Region] = {}

    def operations(self) -> dict[str, Callable[[Params, Region], Result]]:
        return {
            "CreateApplication": self.create_application,
            "GetApplication": lambda params, where: {"application": self.application(params, where).shown()},
            "BatchGetApplications": self.batch_applications,
            "ListApplications": lambda _params, where: {"applications": sorted(where.applications)},
            "DeleteApplication": self.delete_application,
            "CreateDeploymentGroup": self.create_group,
            "UpdateDeploymentGroup": self.update_group,
            "GetDeploymentGroup": lambda params, where: {"deploymentGroupInfo": self.group(params, where).shown()},
            "BatchGetDeploymentGroups": self.batch_groups,
            "ListDeploymentGroups": self.list_groups,
            "DeleteDeploymentGroup": self.delete_group,
            "CreateDeploymentConfig": self.create_config,
            "GetDeploymentConfig": self.get_config,
            "ListDeploymentConfigs": lambda _params, where: {"deploymentConfigsList": [*paces.NAMED, *where.paces]},
            "DeleteDeploymentConfig": self.delete_config,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": lambda params, where: {"Tags": _listed(self._tagged(params, where))},
        }

    def region(self, account_id: str, name: str) -> Region:
        return self.regions.setdefault((account_id, name), Region(account_id, name))

    # -- applications

    def create_application(self, params: Params, where: Region) -> Result:
        name = params["applicationName"]
        _lambda_only(params.get("computePlatform") or "Server")
        if name in where.applications:
            message = f"An application with the same name {name} is already associated with the user or AWS account"
            raise AwsError("ApplicationAlreadyExistsException", message)
        made = Application(name, self._ids.uuid(), self._clock.datetime(), tags=_tags(params.get("tags")))
        where.applications[name] = made
        return {"applicationId": made.id}

    def application(self, params: Params, where: Region) -> Application:
        name = params["applicationName"]
        if name not in where.applications:
            raise AwsError("ApplicationDoesNotExistException", f"No application found for name: {name}")
        return where.applications[name]

    def batch_applications(self, params: Params, where: Region) -> Result:
        found = [self.application({"applicationName": name}, where) for name in params["applicationNames"]]
        return {"applicationsInfo": [application.shown() for application in found]}

    def delete_application(self, params: Params, where: Region) -> Result:
        where.applications.pop(params["applicationName"], None)
        return {}

    # -- groups

    def create_group(self, params: Params, where: Region) -> Result:
        application, name = self.application(params, where), params["deploymentGroupName"]
        if name in application.groups:
            raise AwsError("DeploymentGroupAlreadyExistsException", f"Deployment group name {name} already exists")
        config = params.get("deploymentConfigName") or paces.DEFAULT
        group = Group(
            application.name, name, self._ids.uuid(), where.account_id, where.name, "", config, tags=_tags(params.get("tags"))
        )
        self._apply(group, {"deploymentStyle": _STYLE, **params}, where)
        application.groups[name] = group
        return {"deploymentGroupId": group.id}

    def update_group(self, params: Params, where: Region) -> Result:
        application = self.application(params, where)
        group = self.group({**params, "deploymentGroupName": params["currentDeploymentGroupName"]}, where)
        self._apply(group, params, where)
        renamed = params.get("newDeploymentGroupName")
        if renamed and renamed != group.name:
            if renamed in application.groups:
                raise AwsError("DeploymentGroupAlreadyExistsException", f"Deployment group name {renamed} already exists")
            application.groups[renamed] = application.groups.pop(group.name)
            group.name = renamed
        return {"hooksNotCleanedUp": []}

    def group(self, params: Params, where: Region) -> Group:
        application, name = self.application(params, where), params["deploymentGroupName"]
        if name not in application.groups:
            raise AwsError("DeploymentGroupDoesNotExistException", f"No Deployment Group found for name: {name}")
        return application.groups[name]

    def batch_groups(self, params: Params, where: Region) -> Result:
        application, names = self.application(params, where), params["deploymentGroupNames"]
        found = [application.groups[name].shown() for name in names if name in application.groups]
        return {"deploymentGroupsInfo": found}

    def list_groups(self, params: Params, where: Region) -> Result:
        application = self.application(params, where)
        return {"applicationName": application.name, "deploymentGroups": sorted(application.groups)}

    def delete_group(self, params: Params, where: Region) -> Result:
        application = where.applications.get(params["applicationName"])
        if application is not None:
            application.groups.pop(params["deploymentGroupName"], None)
        return {"hooksNotCleanedUp": []}

    def _apply(self, group: Group, params: Params, where: Region) -> None:
        """Validate everything, then change; what only servers have is refused by name."""
        for name in _SERVERS_ONLY:
            if params.get(name):
                raise AwsError("InvalidDeploymentGroupException", f"For Lambda deployment group, {name} can not be specified")
        if (params.get("deploymentStyle") or _STYLE) != _STYLE:
            message = "For Lambda deployment group, deployment type and option must be BLUE_GREEN and WITH_TRAFFIC_CONTROL"
            raise AwsError("InvalidDeploymentStyleException", message)
        if params.get("deploymentConfigName"):
            self.pace(params["deploymentConfigName"], where)
        rollback = params.get("autoRollbackConfiguration") or {}
        events = set(rollback.get("events") or ())
        if not events <= set(ROLLBACK_EVENTS) or (rollback.get("enabled") and not events):
            message = "The automatic rollback configuration needs one or more of: " + ", ".join(ROLLBACK_EVENTS)
            raise AwsError("InvalidAutoRollbackConfigException", message)
        alarms = params.get("alarmConfiguration") or {}
        if alarms.get("enabled") and not alarms.get("alarms"):
            raise AwsError("InvalidAlarmConfigException", "An alarm configuration that is enabled needs at least one alarm.")
        for member, attribute in _FIELDS.items():
            if params.get(member) is not None:
                setattr(group, attribute, params[member])

    # -- configurations

    def pace(self, name: str, where: Region) -> Pace:
        if name in paces.NAMED:
            return paces.NAMED[name]
        if name in where.paces:
            return where.paces[name][0]
        raise AwsError("DeploymentConfigDoesNotExistException", f"No Deployment Configuration found for name: {name}")

    def create_config(self, params: Params, where: Region) -> Result:
        name = params["deploymentConfigName"]
        _lambda_only(params.get("computePlatform") or "Server")
        if name in paces.NAMED or name in where.paces:
            raise AwsError("DeploymentConfigAlreadyExistsException", f"Deployment config name {name} already exists")
        identifier = self._ids.uuid()
        where.paces[name] = (paces.from_request(name, params.get("trafficRoutingConfig")), identifier, self._clock.datetime())
        return {"deploymentConfigId": identifier}

    def get_config(self, params: Params, where: Region) -> Result:
        name = params["deploymentConfigName"]
        pace = self.pace(name, where)
        shown: Result = {"deploymentConfigName": name, "computePlatform": "Lambda", "trafficRoutingConfig": pace.shown()}
        if name in where.paces:
            _, shown["deploymentConfigId"], shown["createTime"] = where.paces[name]
        return {"deploymentConfigInfo": shown}

    def delete_config(self, params: Params, where: Region) -> Result:
        name = params["deploymentConfigName"]
        if any(group.config == name for application in where.applications.values() for group in application.groups.values()):
            raise AwsError("DeploymentConfigInUseException", f"The deployment configuration {name} is in use")
        where.paces.pop(name, None)
        return {}

    # -- tags

    def tag(self, params: Params, where: Region) -> Result:
        self._tagged(params, where).update(_tags(params["Tags"]))
        return {}

    def untag(self, params: Params, where: Region) -> Result:
        held = self._tagged(params, where)
        for key in params["TagKeys"]:
            held.pop(key, None)
        return {}

    def _tagged(self, params: Params, where: Region) -> dict[str, str]:
        arn = params["ResourceArn"]
        kind, _, name = arn.split(":", 5)[-1].partition(":")
        if kind == "application":
            return self.application({"applicationName": name}, where).tags
        if kind == "deploymentgroup":
            application, _, group = name.partition("/")
            return self.group({"applicationName": application, "deploymentGroupName": group}, where).tags
        raise AwsError("InvalidArnException", f"The ARN {arn} is not that of an application or a deployment group.")


def _lambda_only(platform: str) -> None:
    if platform != "Lambda":
        message = f"The compute platform {platform} is not supported by this account, only Lambda is"
        raise AwsError("InvalidComputePlatformException", message)


def _tags(rows: Any) -> dict[str, str]:
    return {str(row.get("Key", "")): str(row.get("Value", "")) for row in rows or ()}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
