"""CodeDeploy for Lambda in place of moto's: its operations, and every other operation refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal
from sandbox.rollout.api import CodeDeployApi
from sandbox.rollout.conductor import Conductor

if TYPE_CHECKING:
    from sandbox.account.wiring import Account

_REFUSED = (
    "AddTagsToOnPremisesInstances BatchGetApplicationRevisions BatchGetDeploymentInstances BatchGetOnPremisesInstances "
    "ContinueDeployment DeleteGitHubAccountToken DeleteResourcesByExternalId DeregisterOnPremisesInstance GetApplicationRevision "
    "GetDeploymentInstance GetOnPremisesInstance ListApplicationRevisions ListDeploymentInstances ListGitHubAccountTokenNames "
    "ListOnPremisesInstances RegisterApplicationRevision RegisterOnPremisesInstance RemoveTagsFromOnPremisesInstances "
    "SkipWaitTimeForInstanceTermination UpdateApplication"
)


def wire_rollout(account: Account) -> CodeDeployApi:
    conductor = Conductor(account.errands, account.clock, account.ids, account.timeline)
    api = CodeDeployApi(conductor, account.clock, account.ids, account.plane.fetch_s3)
    services = account.plane.services

    def answer(
        call: ParsedCall, _request: HttpRequest, account_id: str, region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        cause = services.in_hand.cause if services.in_hand else 0
        return api.handle(call.operation, call.params, account_id, region, cause)

    def refuse(call: ParsedCall, _request: HttpRequest, _account: str, _region: str, _principal: Principal | None) -> None:
        raise AwsError("NotImplemented", f"codedeploy:{call.operation} is not supported by this account", 501)

    for operation in api.operations:
        services.override("codedeploy", operation, answer)
    for operation in _REFUSED.split():
        services.override("codedeploy", operation, refuse)
    account.on_reset.append(api.clear)
    return api
