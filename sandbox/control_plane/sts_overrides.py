"""STS is ours: sessions expire on the account's clock and carry their policies and tags. Trust is the gate's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.control_plane.attached_policies import parse_document, tag_map
from sandbox.control_plane.identities import Identities
from sandbox.control_plane.services import Services
from sandbox.control_plane.sessions import Credential
from sandbox.control_plane.wire import ParsedCall
from sandbox.errors import AwsError
from sandbox.http_message import HttpRequest
from sandbox.iam.principal import NamedPolicy, Principal

Result = dict[str, Any]
_SESSION_POLICY_CHARS = 2048  # STS API reference, AssumeRole, "Policy"


class StsOverrides:
    def __init__(self, identities: Identities, clock: Clock) -> None:
        self._identities = identities
        self._clock = clock

    def get_caller_identity(
        self, _call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, principal: Principal | None
    ) -> Result:
        caller = principal or self._identities.learner(account_id).principal
        return {"UserId": caller.user_id, "Account": caller.account_id, "Arn": caller.arn}

    def get_access_key_info(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, _principal: Principal | None
    ) -> Result:
        credential = self._identities.credential(call.params["AccessKeyId"])
        return {"Account": credential.principal.account_id if credential is not None else account_id}

    def assume_role(
        self, call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, principal: Principal | None
    ) -> Result:
        params = call.params
        role = self._identities.role(params["RoleArn"])
        if role is None:
            who = principal.arn if principal is not None else "anonymous"
            message = f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {params['RoleArn']}"
            raise AwsError("AccessDenied", message, 403)
        duration = self._duration(params, 3600, role.max_session_s)
        chained = principal is not None and principal.kind == "role"
        if chained and duration > 3600:
            message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            raise AwsError("ValidationError", message)
        credential = self._identities.open_session(
            role.arn,
            params["RoleSessionName"],
            duration,
            policies=self._session_policies(params),
            tags=tag_map(params.get("Tags")),
        )
        session = credential.principal
        return {
            "Credentials": shown(credential),
            "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
            **self._packed(params),
        }

    def get_session_token(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, principal: Principal | None
    ) -> Result:
        caller = principal or self._identities.learner(account_id).principal
        if caller.kind == "role":
            raise AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        duration = self._duration(call.params, 43_200, 129_600)
        return {"Credentials": shown(self._identities.sessions.mint(caller, duration))}

    def get_federation_token(
        self, call: ParsedCall, _request: HttpRequest, account_id: str, _region: str, principal: Principal | None
    ) -> Result:
        caller = principal or self._identities.learner(account_id).principal
        if caller.kind == "role":
            raise AwsError("AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
        name = call.params["Name"]
        duration = self._duration(call.params, 43_200, 129_600)
        federated = Principal(
            kind="user",
            account_id=caller.account_id,
            arn=f"arn:aws:sts::{caller.account_id}:federated-user/{name}",
            user_id=f"{caller.account_id}:{name}",
            user_name=caller.user_name,
            tags={**caller.tags, **tag_map(call.params.get("Tags"))},
        )
        policies = self._session_policies(call.params) or ()  # without one a federated user may do nothing by identity policy
        credential = self._identities.sessions.mint(federated, duration, policies)
        user = {"FederatedUserId": federated.user_id, "Arn": federated.arn}
        return {"Credentials": shown(credential), "FederatedUser": user, **self._packed(call.params)}

    def not_supported(
        self, call: ParsedCall, _request: HttpRequest, _account_id: str, _region: str, _principal: Principal | None
    ) -> Result:
        """There is no identity provider whose token could be checked, and an unchecked one must not open a session."""
        raise AwsError("NotImplemented", f"sts:{call.operation} is not supported by this account", 501)

    def _duration(self, params: dict[str, Any], default: int, longest: int) -> int:
        seconds = int(params.get("DurationSeconds", default))
        if seconds < 900:
            bound = "greater than or equal to 900"
        elif seconds > 129_600:
            bound = "less than or equal to 129600"
        elif seconds > longest:
            raise AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        else:
            return seconds
        message = f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: "
        raise AwsError("ValidationError", f"{message}Member must have value {bound}")

    def _session_policies(self, params: dict[str, Any]) -> tuple[NamedPolicy, ...] | None:
        found = []
        if params.get("Policy"):
            try:
                document = json.loads(params["Policy"])
            except ValueError as error:
                raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.") from error
            if not isinstance(document, dict):
                raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.")
            found.append(NamedPolicy("session", document))
        for row in params.get("PolicyArns", ()):
            arn = row.get("arn", "")
            policy = self._identities.managed_policy(arn)
            if policy is None:
                raise AwsError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)
            found.append(NamedPolicy(arn, parse_document(policy)))
        return tuple(found) or None

    @staticmethod
    def _packed(params: dict[str, Any]) -> Result:
        """A plain share of the allowed size; AWS's packing is its own."""
        policy = params.get("Policy", "")
        return {"PackedPolicySize": max(1, len(policy) * 100 // _SESSION_POLICY_CHARS)} if policy else {}


def shown(credential: Credential) -> Result:
    return {
        "AccessKeyId": credential.access_key_id,
        "SecretAccessKey": credential.secret_access_key,
        "SessionToken": credential.session_token,
        "Expiration": datetime.fromtimestamp(credential.expires_at, UTC),
    }


def install(services: Services, identities: Identities, clock: Clock) -> None:
    overrides = StsOverrides(identities, clock)
    services.override("sts", "GetCallerIdentity", overrides.get_caller_identity)
    services.override("sts", "GetAccessKeyInfo", overrides.get_access_key_info)
    services.override("sts", "AssumeRole", overrides.assume_role)
    services.override("sts", "GetSessionToken", overrides.get_session_token)
    services.override("sts", "GetFederationToken", overrides.get_federation_token)
    for operation in ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot"):
        services.override("sts", operation, overrides.not_supported)
