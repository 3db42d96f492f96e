"""CodeDeploy's operations for the Lambda compute platform; the other platforms are refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.ids import Ids
from sandbox.rollout import shift
from sandbox.rollout.conductor import Conductor
from sandbox.rollout.deployment import Deployment
from sandbox.rollout.group import Group
from sandbox.rollout.groups import Groups, Params, Region, Result

_STATUS = (
    "The result of a Lambda validation function that verifies a lifecycle event is invalid. It should return Succeeded or Failed."
)

FetchOf = Callable[[str, str, str, str], bytes]
"""Account, bucket, key, version."""


class CodeDeployApi:
    """``handle`` answers an operation or raises AwsError; None means that nobody here knows it."""

    def __init__(self, conductor: Conductor, clock: Clock, ids: Ids, fetch: FetchOf) -> None:
        self.conductor = conductor
        self._clock = clock
        self._ids = ids
        self._fetch = fetch
        self.groups = Groups(clock, ids)
        conductor.opened = self._keep
        self.operations: dict[str, Callable[[Params, Region], Result]] = {
            **self.groups.operations(),
            "CreateDeployment": self.create_deployment,
            "GetDeployment": lambda params, where: {"deploymentInfo": self._found(params, where).info()},
            "BatchGetDeployments": self.batch_get,
            "ListDeployments": self.list_deployments,
            "StopDeployment": self.stop,
            "ListDeploymentTargets": self.list_targets,
            "GetDeploymentTarget": self.get_target,
            "BatchGetDeploymentTargets": self.batch_targets,
            "PutLifecycleEventHookExecutionStatus": self.report,
        }

    def handle(self, operation: str, params: Params, account_id: str, region: str, cause: int = 0) -> Result:
        where = self.groups.region(account_id, region)
        where.cause = cause
        return self.operations[operation](params, where)

    def find(self, deployment_id: str) -> Deployment | None:
        """In any account and Region of the world."""
        regions = self.groups.regions.values()
        return next((where.deployments[deployment_id] for where in regions if deployment_id in where.deployments), None)

    def group_of(self, deployment_id: str) -> str:
        """``application/group``: what a policy about a deployment names."""
        found = self.find(deployment_id)
        return f"{found.group.application}/{found.group.name}" if found else ""

    def clear(self) -> None:
        self.groups.regions.clear()
        self.conductor.clear()

    def create_deployment(self, params: Params, where: Region) -> Result:
        if not params.get("deploymentGroupName"):
            raise AwsError("DeploymentGroupNameRequiredException", "The deployment group name was not specified.")
        group = self.groups.group(params, where)
        if not params.get("revision"):
            raise AwsError("RevisionRequiredException", "Revision is required for the deployment.")
        for row in where.deployments.values():
            if row.group is group and row.active:
                message = f"The Deployment Group '{group.name}' already has an active Deployment '{row.id}'"
                raise AwsError("DeploymentLimitExceededException", message)
        content = shift.content_of(params["revision"], lambda *place: self._fetch(where.account_id, *place))
        deployment = self._made(params, where, group)
        self._keep(deployment)
        self.conductor.start(deployment, content)
        return {"deploymentId": deployment.id}

    def _made(self, params: Params, where: Region, group: Group) -> Deployment:
        return Deployment(
            f"d-{self._ids.base36(9).upper()}",
            group,
            self.groups.pace(params.get("deploymentConfigName") or group.config, where),
            dict(params["revision"]),
            self._clock.datetime(),
            creator=str(params.get("creator") or "user"),
            description=params.get("description") or "",
            auto_rollback=params.get("autoRollbackConfiguration") or group.auto_rollback,
            alarms=params.get("overrideAlarmConfiguration") or group.alarms,
            cause=where.cause,
        )

    def batch_get(self, params: Params, where: Region) -> Result:
        found = [where.deployments[name] for name in params["deploymentIds"] if name in where.deployments]
        return {"deploymentsInfo": [deployment.info() for deployment in found]}

    def list_deployments(self, params: Params, where: Region) -> Result:
        """The newest first."""
        wanted = params.get("includeOnlyStatuses")
        application, name = params.get("applicationName"), params.get("deploymentGroupName")
        if application and name:
            self.groups.group(params, where)
        rows = [
            row.id
            for row in where.deployments.values()
            if (not wanted or row.status in wanted)
            and (not application or row.group.application == application)
            and (not name or row.group.name == name)
        ]
        return {"deployments": rows[::-1]}

    def stop(self, params: Params, where: Region) -> Result:
        deployment = self._found(params, where)
        if not deployment.active:
            message = f"The deployment {deployment.id} is already completed."
            raise AwsError("DeploymentAlreadyCompletedException", message)
        self.conductor.stop(deployment, params.get("autoRollbackEnabled"))
        message = "No more commands will be scheduled for execution in the deployment instances"
        return {"status": "Succeeded", "statusMessage": message}

    def list_targets(self, params: Params, where: Region) -> Result:
        target = self._found(params, where).target_id
        return {"targetIds": [target] if target else []}

    def get_target(self, params: Params, where: Region) -> Result:
        deployment = self._found(params, where)
        if params["targetId"] != deployment.target_id:
            message = f"The target {params['targetId']} does not exist in the deployment {deployment.id}."
            raise AwsError("DeploymentTargetDoesNotExistException", message)
        return {"deploymentTarget": deployment.target()}

    def batch_targets(self, params: Params, where: Region) -> Result:
        deployment = self._found(params, where)
        targets = [deployment.target()] if deployment.target_id in params["targetIds"] else []
        return {"deploymentTargets": targets}

    def report(self, params: Params, where: Region) -> Result:
        deployment = self._found(params, where)
        status, execution = params.get("status"), params.get("lifecycleEventHookExecutionId") or ""
        if status not in ("Succeeded", "Failed"):
            raise AwsError("InvalidLifecycleEventHookExecutionStatusException", _STATUS)
        self.conductor.report(deployment, execution, status)
        return {"lifecycleEventHookExecutionId": execution}

    def _keep(self, deployment: Deployment) -> None:
        group = deployment.group
        where = self.groups.region(group.account_id, group.region)
        where.deployments[deployment.id] = deployment

    def _found(self, params: Mapping[str, Any], where: Region) -> Deployment:
        deployment = where.deployments.get(params["deploymentId"])
        if deployment is None:
            message = f"The deployment {params['deploymentId']} could not be found"
            raise AwsError("DeploymentDoesNotExistException", message)
        return deployment
