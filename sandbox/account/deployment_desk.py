"""CloudFormation in place of moto's: its operations through the gate, custom resources' answers, and CodeDeploy's ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import sandbox.deployment.kinds  # noqa: F401  # declares the resource types
from sandbox.control_plane import managed_policies
from sandbox.control_plane.fitting import fit
from sandbox.control_plane.wire import ParsedCall
from sandbox.deployment.api import Asker, StackApi
from sandbox.deployment.change_sets import ChangeSetApi
from sandbox.deployment.drift import DriftApi
from sandbox.deployment.journal import Journal
from sandbox.deployment.loan import Mailbox
from sandbox.deployment.mail import Mail
from sandbox.deployment.operation import Desk
from sandbox.deployment.runner import Runner
from sandbox.deployment.stack import Resource, Stack
from sandbox.deployment.stacks import Stacks
from sandbox.deployment.template import invalid
from sandbox.deployment.transform import transformer
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import Principal, anonymous
from sandbox.rollout.deployment import Deployment
from sandbox.rollout.shift import Shift, written

if TYPE_CHECKING:
    from sandbox.account.wiring import Account


class _Lent:
    """Implements deployment's ``Loan``."""

    def __init__(self, account: Account, stacks: Stacks) -> None:
        self._account = account
        self._stacks = stacks
        self._waiting: dict[str, Callable[[Any], None]] = {}
        self.mail = Mail(account.clock, account.ids, lambda: str(account.info()["endpoint_url"]))
        account.rollout.conductor.on_end.append(self._deployment_over)

    def now(self) -> datetime:
        return self._account.clock.datetime()

    def mailbox(self, request_id: str, timeout_s: float) -> Mailbox:
        return self.mail.box(request_id, timeout_s)

    def app_spec(self, function: str, alias: str, current: str, target: str, hooks: Mapping[str, str]) -> str:
        return written(Shift(function, alias, current, target, hooks))

    def deployment_ended(self, deployment_id: str, done: Callable[[Any], None]) -> None:
        found = self._account.rollout.find(deployment_id)
        if found is None or not found.active:
            done(_why(found))
        else:
            self._waiting[deployment_id] = done

    def _deployment_over(self, deployment: Deployment) -> None:
        done = self._waiting.pop(deployment.id, None)
        if done is not None:
            done(_why(deployment))

    def holder(self, stack: Stack, made: Resource) -> str:
        return self._stacks.holder(stack, made)

    def check_exports(self, stack: Stack) -> None:
        self._stacks.check_exports(stack)
        self._stacks.keep_imports(stack, set(stack.exports))

    def clear(self) -> None:
        self._waiting.clear()
        self.mail.clear()


def _why(deployment: Deployment | None) -> str:
    if deployment is None:
        return "it is gone"
    if deployment.status == "Succeeded":
        return ""
    return deployment.error[1] if deployment.error else deployment.status


class DeploymentDesk:
    """Puts every operation in place; ``only_known`` refuses the others by name."""

    def __init__(self, account: Account) -> None:
        self._services = account.plane.services
        self.stacks = Stacks()
        lent = _Lent(account, self.stacks)
        self.mail = lent.mail
        journal = Journal(account.clock, account.ids, account.timeline)
        desk = Desk(Runner(account.errands, account.clock, fit), journal, account.ids, lent)

        def fetch(account_id: str, url: str) -> str:
            bucket, key = _place(url)
            return account.plane.fetch_s3(account_id, bucket, key).decode()

        api = StackApi(desk, account.clock, self.stacks, transformer(_managed_policies), fetch)
        drift = DriftApi(api)
        self._operations = {**api.operations(), **ChangeSetApi(api).operations(), **drift.operations()}
        for operation in self._operations:
            self._services.override("cloudformation", operation, self._answer)
        account.on_reset += [self.stacks.clear, drift.clear, lent.clear]

    def only_known(self, call: ParsedCall) -> None:
        """moto's CloudFormation makes things behind the gate's back; nothing may reach it."""
        if call.operation not in self._operations:
            raise AwsError("NotImplemented", f"cloudformation:{call.operation} is not supported by this account", 501)

    def _answer(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, region: str, principal: Principal | None
    ) -> dict[str, Any]:
        cause = self._services.in_hand.cause if self._services.in_hand else 0
        return self._operations[call.operation](call.params, Asker(principal or anonymous(), account_id, region, cause))


@cache
def _managed_policies() -> dict[str, str]:
    """Every name AWS has, as far as the data goes."""
    rows = {**managed_policies.documents(), **managed_policies.remaining()}
    return {name: f"{managed_policies.PREFIX}{row['Path']}{name}" for name, row in rows.items()}


def _place(url: str) -> tuple[str, str]:
    """Bucket and key of a template's URL, in either of S3's address forms."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path).lstrip("/")
    if ".s3" in host and not host.startswith("s3"):
        return host.split(".s3", 1)[0], path
    bucket, _, key = path.partition("/")
    if not bucket or not key:
        raise invalid("TemplateURL must be a supported URL.")
    return bucket, key
