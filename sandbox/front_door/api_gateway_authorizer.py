"""Lambda authorizers: what they are asked, what their answer means, and how long it is kept (guide, "Lambda authorizers").

A policy that an authorizer returns is evaluated like any other; what nothing in it allows is denied.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import AwsError
from sandbox.front_door.api_gateway_lambda import FunctionFailed, LambdaCaller
from sandbox.front_door.api_gateway_visit import Visit
from sandbox.iam.evaluate import evaluate
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.verdict import Check, Verdict

_KEPT_MAX = 5_000
TIMEOUT_S = 10.0  # the guide: an authorizer function of an HTTP API may take up to 10 s; of a REST API 30 s


@dataclass(frozen=True, slots=True)
class Permit:
    """An authorizer's answer. ``context`` goes into the event; a ``policy`` decides per request, else ``allowed`` does."""

    allowed: bool = True
    context: Mapping[str, Any] = field(default_factory=dict)
    policy: Mapping[str, Any] | None = None
    principal_id: str = ""
    usage_key: str = ""
    unauthorized: bool = False  # the function failed with the message "Unauthorized", a REST API's way to say 401

    def allows(self, visit: Visit) -> bool:
        if self.policy is None:
            return self.allowed
        return self._verdict(visit).allowed

    def denies(self, visit: Visit) -> bool:
        """Whether a statement says Deny, not only none says Allow."""
        return self.policy is not None and self._verdict(visit).decision == "explicitDeny"

    def _verdict(self, visit: Visit) -> Verdict:
        principal = Principal("user", visit.account_id, f"arn:aws:iam::{visit.account_id}:user/{self.principal_id}")
        policies = PolicySet(identity=(NamedPolicy("authorizer", self.policy or {}),))
        context = {"aws:SourceIp": visit.request.source_ip, "aws:SecureTransport": "true"}
        return evaluate(principal, Check("execute-api:Invoke", visit.arn(), context), policies, None)


Done = Callable[[Permit | None], None]


class LambdaAuthorizers:
    def __init__(self, caller: LambdaCaller, clock: Clock) -> None:
        self._caller = caller
        self._clock = clock
        self._kept: dict[tuple[str, ...], tuple[float, Permit]] = {}

    def clear(self) -> None:
        self._kept.clear()

    def flush(self, api_id: str) -> None:
        self._kept = {key: row for key, row in self._kept.items() if key[0] != api_id}

    def ask(
        self,
        visit: Visit,
        authorizer_id: str,
        function: str,
        event: dict[str, Any],
        identity: tuple[str, ...],
        ttl_s: float,
        done: Done,
        *,
        role: str = "",
        simple: bool = False,
    ) -> None:
        """``done(None)`` when the function failed or answered nonsense. ``identity`` is what the answer is kept by."""
        key = (visit.api_id, visit.stage, authorizer_id, *identity)
        kept = self._kept.get(key)
        if ttl_s > 0 and kept is not None and kept[0] > self._clock.now():
            done(kept[1])
            return

        def answered(result: bytes | AwsError) -> None:
            if isinstance(result, FunctionFailed) and _said(result) == "Unauthorized":
                done(Permit(allowed=False, unauthorized=True))
                return
            permit = None if isinstance(result, AwsError) else permit_of(result, simple)
            if permit is not None and ttl_s > 0:
                if len(self._kept) >= _KEPT_MAX:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = (self._clock.now() + ttl_s, permit)
            done(permit)

        source = f"arn:aws:execute-api:{visit.region}:{visit.account_id}:{visit.api_id}/authorizers/{authorizer_id}"
        payload = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._caller.call(visit, function, payload, TIMEOUT_S, answered, role=role, source_arn=source)


def permit_of(payload: bytes, simple: bool) -> Permit | None:
    """Simple: ``{"isAuthorized": true, "context": {…}}``; else a policy document with a principal."""
    try:
        answer = json.loads(payload or b"null")
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return None
    context = answer.get("context") or {}
    if not isinstance(context, dict):
        return None
    if simple:
        allowed = answer.get("isAuthorized")
        return Permit(allowed, context) if isinstance(allowed, bool) else None
    policy, principal_id = answer.get("policyDocument"), answer.get("principalId")
    if not isinstance(policy, dict) or not isinstance(principal_id, str) or not _is_policy(policy):
        return None
    policy = {"Version": "2012-10-17", **policy}
    return Permit(
        context=context, policy=policy, principal_id=principal_id, usage_key=str(answer.get("usageIdentifierKey") or "")
    )


def _is_policy(policy: Mapping[str, Any]) -> bool:
    statements = policy.get("Statement")
    rows = [statements] if isinstance(statements, dict) else statements if isinstance(statements, list) else []
    return bool(rows) and all(
        isinstance(row, dict)
        and row.get("Effect") in ("Allow", "Deny")
        and isinstance(row.get("Action"), str | list)
        and isinstance(row.get("Resource"), str | list)
        for row in rows
    )


def _said(failed: FunctionFailed) -> str:
    try:
        document = json.loads(failed.payload)
    except ValueError:
        return ""
    return str(document.get("errorMessage") or "") if isinstance(document, dict) else ""
