"""May this principal do this? Asks the evaluator for every check of a call, with the policies that take part.

Verdicts on Invoke are cached: the key holds everything the request contributes, the entry the identities' revision and the very
policy object of the resource, and nothing is kept where a policy looks at the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from sandbox.iam.evaluate import evaluate
from sandbox.iam.operations import CallSite, checks_for
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.verdict import Check, Verdict
from sandbox.network.ground import Endpoint

_CACHE_MAX = 2_000
_TIME_KEYS = ("currenttime", "epochtime", "tokenissuetime", "multifactorauthage")


class PolicySource(Protocol):
    """What the gate needs of ``control_plane.identities.Identities``."""

    revision: int

    def policies(self, principal: Principal) -> PolicySet: ...


class Ruling(NamedTuple):
    """The outcome for one call: the check that decided (the failed one, or the first) and every ARN that was asked about.

    ``statement`` is ``identity:inline:logs#0`` (or with its Sid): what decided, or which kind of policy kept silent.
    ``undecided`` names the open questions (``sandbox.iam.evaluate``) that any of the verdicts touched.
    """

    allowed: bool
    check: Check | None
    verdict: Verdict | None
    arns: tuple[str, ...]
    statement: str = ""
    undecided: tuple[str, ...] = ()


def _statement(verdict: Verdict) -> str:
    if verdict.matches:
        match = verdict.matches[-1]
        return f"{match.policy_type}:{match.policy_name}#{match.sid or match.index}"
    return f"no {verdict.missing} policy allows it" if verdict.missing else ""


UNCHECKED = Ruling(allowed=True, check=None, verdict=None, arns=())


class _Cached(NamedTuple):
    revision: int
    policy: NamedPolicy | None
    ruling: Ruling


class Admission:
    """``policy_of`` finds the resource's own policy by ARN: a function's, a bucket's, a role's trust policy."""

    def __init__(self, identities: PolicySource, policy_of: Callable[[str], NamedPolicy | None]) -> None:
        self._identities = identities
        self._policy_of = policy_of
        self._cache: dict[tuple[str, ...], _Cached] = {}

    def rule(self, service: str, operation: str, params: Mapping[str, Any], where: CallSite) -> Ruling:
        """The first check that fails decides; InternalError when nobody mapped the operation."""
        return self.decide(where.principal, checks_for(service, operation, params, where))

    def decide(self, principal: Principal, checks: Sequence[Check], own: NamedPolicy | None = None) -> Ruling:
        """``own`` is the resource's policy where the caller has it at hand, as a deployed API's."""
        arns = tuple(dict.fromkeys(check.resource for check in checks))
        policies = self._identities.policies(principal)
        first: tuple[Check, Verdict] | None = None
        undecided: set[str] = set()
        for check in checks:
            verdict = evaluate(principal, check, policies, own or self._resource_policy(check))
            undecided.update(verdict.undecided)
            first = first or (check, verdict)
            if not verdict.allowed:
                first = (check, verdict)
                break
        if first is None:
            return UNCHECKED
        check, verdict = first
        return Ruling(verdict.allowed, check, verdict, arns, _statement(verdict), tuple(sorted(undecided)))

    def rule_invoke(self, function: str, qualifier: str, where: Callable[[], CallSite], key: tuple[str, ...]) -> Ruling:
        """The ruling on ``Invoke``. ``key`` is everything of the request that a condition could see, the time excepted."""
        cached = self._cache.get(key)
        if cached is not None and cached.revision == self._identities.revision:
            check = cached.ruling.check
            if check is not None and self._policy_of(check.resource) is cached.policy:
                return cached.ruling
        site = where()
        params = {"FunctionName": function, "Qualifier": qualifier} if qualifier else {"FunctionName": function}
        ruling = self.rule("lambda", "Invoke", params, site)
        if ruling.check is not None:
            policy = self._policy_of(ruling.check.resource)
            if not _looks_at_time(self._identities.policies(site.principal), policy):
                if len(self._cache) >= _CACHE_MAX:
                    self._cache.clear()
                self._cache[key] = _Cached(self._identities.revision, policy, ruling)
        return ruling

    def clear(self) -> None:
        self._cache.clear()

    def _resource_policy(self, check: Check) -> NamedPolicy | None:
        arn = check.resource_policy_arn or check.resource
        return None if arn == "*" else self._policy_of(arn)


def endpoint_refusal(
    endpoint: Endpoint, service: str, operation: str, params: Mapping[str, Any], where: CallSite
) -> tuple[Check, Verdict] | None:
    """The check that the endpoint's own policy does not let pass, with its verdict; None when all of them do."""
    policy = NamedPolicy(endpoint.endpoint_id, json.loads(endpoint.policy))
    for check in checks_for(service, operation, params, where):
        asked = replace(check, resource_account=where.principal.account_id)
        verdict = evaluate(where.principal, asked, PolicySet(), policy)
        if not verdict.allowed:
            return check, Verdict(verdict.decision, missing="endpoint")
    return None


def _looks_at_time(policies: PolicySet, own: NamedPolicy | None) -> bool:
    every = [*policies.identity, *(policies.session or ()), *(policy for level in policies.service_control for policy in level)]
    every += [policy for policy in (policies.boundary, own) if policy is not None]
    text = "".join(json.dumps(policy.document, default=str) for policy in every).lower()
    return any(key in text for key in _TIME_KEYS)
