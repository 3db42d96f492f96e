"""IAM where moto falls short: policy changes bump the identities' revision, AWS managed policies appear on demand, users have
permissions boundaries, a caller without a user gets AWS's answer, and the policy simulator is ours."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sandbox.control_plane import managed_policies, policy_documents
from sandbox.control_plane.identities import Identities
from sandbox.control_plane.services import Services
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest, HttpResponse
from sandbox.iam.principal import Principal

_READS = ("Get", "List", "Describe", "Simulate", "Generate")
_REVISED_BY = ("iam", "organizations", "cloudformation")


class IamOverrides:
    def __init__(self, services: Services, identities: Identities) -> None:
        self._services = services
        self._identities = identities

    def settle(self, _call: ParsedCall, _account_id: str, _region: str) -> None:
        self._identities.settle()

    def complete_policies(self, call: ParsedCall, account_id: str, _region: str) -> None:
        """AWS managed policies outside the course's table come out of moto's data when a call names them."""
        backend = self._backend(account_id)
        if call.operation == "ListPolicies" and call.params.get("Scope", "All") != "Local":
            managed_policies.complete(backend)
        for member in ("PolicyArn", "PermissionsBoundary"):
            if call.params.get(member):
                managed_policies.complete(backend, call.params[member])

    def refuse_used_boundary(self, call: ParsedCall, account_id: str, _region: str) -> None:
        """Being a permissions boundary is an attachment, too: gruntwork-io/cloud-nuke 972 and rebuy-de/aws-nuke 819 tell AWS's
        answer; moto counts attached policies only."""
        arn = call.params.get("PolicyArn")
        if call.operation != "DeletePolicy" or not arn:  # without an ARN the call is refused further on
            return
        backend = self._backend(account_id)
        rows = (*backend.roles.values(), *backend.users.values())
        if any(getattr(row, "permissions_boundary_arn", None) == arn for row in rows):
            raise AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)

    def bump(self, call: ParsedCall, _account_id: str, _region: str, response: HttpResponse) -> None:
        if response.status < 400 and not call.operation.startswith(_READS):
            self._identities.bump()

    def get_user(
        self, call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, principal: Principal | None
    ) -> dict[str, Any] | None:
        if call.params.get("UserName") or principal is None or principal.kind == "user":
            return None
        raise AwsError("ValidationError", "Must specify userName when calling with non-User credentials")

    def simulate(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        result: dict[str, Any] = _simulator().simulate(call.params, account_id, self._identities)
        return result

    def context_keys(
        self, call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        keys: dict[str, Any] = _simulator().context_keys(call.params, self._identities)
        return keys

    def put_user_boundary(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        self._set_boundary(account_id, call.params["UserName"], call.params["PermissionsBoundary"])
        return {}

    def delete_user_boundary(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, _principal: Principal | None
    ) -> dict[str, Any]:
        self._set_boundary(account_id, call.params["UserName"], "")
        return {}

    def boundary_of_new_user(self, call: ParsedCall, account_id: str, _region: str, response: HttpResponse) -> None:
        if call.operation == "CreateUser" and response.status < 400 and call.params.get("PermissionsBoundary"):
            self._set_boundary(account_id, call.params["UserName"], call.params["PermissionsBoundary"])

    def _set_boundary(self, account_id: str, user_name: str, arn: str) -> None:
        backend = self._backend(account_id)
        user = backend.users.get(user_name)
        if user is None:
            raise AwsError("NoSuchEntity", f"The user with name {user_name} cannot be found.", 404)
        if arn and arn not in backend.managed_policies:
            raise AwsError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
        user.permissions_boundary_arn = arn
        user.permissions_boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn} if arn else None

    def _backend(self, account_id: str) -> Any:
        return self._identities.world.backend("iam", account_id)


def _simulator() -> Any:
    """Rarely asked for, so it is not imported at start."""
    return import_module("sandbox.iam.simulate")


def install(services: Services, identities: Identities) -> None:
    overrides = IamOverrides(services, identities)
    services.before.setdefault("*", []).append(overrides.settle)
    policy_documents.install(services)
    services.before.setdefault("iam", []).append(overrides.complete_policies)
    services.before.setdefault("iam", []).append(overrides.refuse_used_boundary)
    services.after.setdefault("iam", []).append(overrides.boundary_of_new_user)
    for service in _REVISED_BY:
        services.after.setdefault(service, []).append(overrides.bump)
    services.override("iam", "GetUser", overrides.get_user)
    for subject in ("CustomPolicy", "PrincipalPolicy"):
        services.override("iam", f"Simulate{subject}", overrides.simulate)
        services.override("iam", f"GetContextKeysFor{subject}", overrides.context_keys)
    services.override("iam", "PutUserPermissionsBoundary", overrides.put_user_boundary)
    services.override("iam", "DeleteUserPermissionsBoundary", overrides.delete_user_boundary)
