"""CloudFormation, loaded at the first call that asks for it: its resource types and YAML would make every start slower."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sandbox.control_plane.wire import ParsedCall
from sandbox.http_message import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from sandbox.account.deployment_desk import DeploymentDesk
    from sandbox.account.wiring import Account
    from sandbox.deployment.stack import Stack


class Deployments:
    """What the rest of the account asks of CloudFormation, whether it is loaded or not."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._desk: DeploymentDesk | None = None

    def ready(self, call: ParsedCall, _account_id: str, _region: str) -> None:
        """Runs before every CloudFormation call; moto's own never gets one."""
        if self._desk is None:
            desk: Any = import_module("sandbox.account.deployment_desk")  # see the module's first line
            self._desk = desk.DeploymentDesk(self._account)
        self._desk.only_known(call)

    def id_of(self, name: str) -> str:
        """The ARN of a living stack, or an empty string."""
        return self._desk.stacks.id_of(name) if self._desk else ""

    def get(self, account_id: str, region: str, name: str) -> Stack:
        if self._desk is None:
            raise KeyError(name)
        return self._desk.stacks.get(account_id, region, name)

    def take(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a custom resource's letter; None for any other request."""
        return self._desk.mail.take(request) if self._desk else None


def wire_deployment(account: Account) -> Deployments:
    deployments = Deployments(account)
    account.plane.services.before.setdefault("cloudformation", []).append(deployments.ready)
    return deployments
