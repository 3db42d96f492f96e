"""CodeDeploy (user guide, "CodeDeploy permissions reference")."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, Rules, by_each, by_name, everything, given, table
from sandbox.iam.verdict import Check

_application = by_name("application:{}", "applicationName")


def _group(request: Request) -> str:
    name = request.text("deploymentGroupName", "currentDeploymentGroupName") or "*"
    return request.arn(f"deploymentgroup:{request.text('applicationName') or '*'}/{name}")


def _groups(request: Request) -> list[str]:
    application = request.text("applicationName")
    return [request.arn(f"deploymentgroup:{application}/{name}") for name in request.texts("deploymentGroupNames")] or ["*"]


def _deployment(request: Request) -> str:
    """A deployment is asked on its group, which the account knows."""
    group = request.where.find("codedeploy:deployment", request.text("deploymentId"))
    return request.arn(f"deploymentgroup:{group or '*/*'}")


def _deployments(request: Request) -> list[str]:
    found = [request.where.find("codedeploy:deployment", name) or "*/*" for name in request.texts("deploymentIds")]
    return [request.arn(f"deploymentgroup:{group}") for group in dict.fromkeys(found)] or ["*"]


def _write_group(request: Request) -> Iterable[Check]:
    arn = _group(request)
    return [request.own(arn), *request.pass_role(request.text("serviceRoleArn"), "codedeploy.amazonaws.com", arn)]


RULES: Rules = {
    **table(
        {
            _application: (
                "BatchGetApplicationRevisions CreateApplication DeleteApplication GetApplication GetApplicationRevision "
                "ListApplicationRevisions ListDeploymentGroups RegisterApplicationRevision UpdateApplication"
            ),
            by_each("application:{}", "applicationNames"): "BatchGetApplications",
            _group: "CreateDeployment DeleteDeploymentGroup GetDeploymentGroup ListDeployments",
            _groups: "BatchGetDeploymentGroups",
            _deployment: (
                "BatchGetDeploymentInstances GetDeployment GetDeploymentInstance ListDeploymentInstances "
                # SAM guide, "Deploying serverless applications gradually": hooks are allowed it on the group.
                "PutLifecycleEventHookExecutionStatus"
            ),
            _deployments: "BatchGetDeployments",
            by_name("deploymentconfig:{}", "deploymentConfigName"): (
                "CreateDeploymentConfig DeleteDeploymentConfig GetDeploymentConfig"
            ),
            by_each("instance:{}", "instanceNames"): (
                "AddTagsToOnPremisesInstances BatchGetOnPremisesInstances RemoveTagsFromOnPremisesInstances"
            ),
            by_name("instance:{}", "instanceName"): (
                "DeregisterOnPremisesInstance GetOnPremisesInstance RegisterOnPremisesInstance"
            ),
            given("ResourceArn"): "ListTagsForResource TagResource UntagResource",
            everything: (
                "BatchGetDeploymentTargets ContinueDeployment DeleteGitHubAccountToken DeleteResourcesByExternalId "
                "GetDeploymentTarget ListApplications ListDeploymentConfigs ListDeploymentTargets ListGitHubAccountTokenNames "
                "ListOnPremisesInstances SkipWaitTimeForInstanceTermination StopDeployment"
            ),
        }
    ),
    "CreateDeploymentGroup": _write_group,
    "UpdateDeploymentGroup": _write_group,
}
