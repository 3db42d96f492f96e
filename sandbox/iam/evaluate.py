"""May this principal do this? The order of AWS's "policy evaluation logic" (IAM user guide), as a pure function.

Undecided: three classes of question are answered with AWS's prose alone, because no recorded answer of AWS settles them. Their
names come back in ``Verdict.undecided``, and no grade may rest on them.

* ``variable-without-value-in-NotResource``: a resource with such a variable "does not match any resource", so we let the
  NotResource statement apply. Another reading drops the statement.
* ``everyone-and-boundary``: a resource policy allows ``*`` while the caller's boundary or session policy is silent. AWS
  documents users, roles and sessions only; we refuse.
* ``NotPrincipal-without-the-account``: a Deny with NotPrincipal lists the caller but not its account. AWS says it "might" deny;
  we exempt the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox.iam.context import Context
from sandbox.iam.grantee import NOT_PRINCIPAL_ALONE, STRENGTH, Grant
from sandbox.iam.principal import NamedPolicy, PolicySet, Principal
from sandbox.iam.statement import UNRESOLVED_NOT_RESOURCE, Statement, compiled
from sandbox.iam.verdict import Check, Decision, PolicyType, StatementMatch, Verdict

EVERYONE_AND_BOUNDARY: Final = "everyone-and-boundary"
UNDECIDED: Final = (EVERYONE_AND_BOUNDARY, NOT_PRINCIPAL_ALONE, UNRESOLVED_NOT_RESOURCE)

Matches = tuple[StatementMatch, ...]
_NONE: Final[Matches] = ()


@dataclass(slots=True)
class _Layer:
    """What one kind of policy says: ``allows`` and ``denies`` are the statements that covered the request."""

    kind: PolicyType
    allows: Matches = _NONE
    denies: Matches = _NONE
    grant: Grant | None = None  # resource policies: the strongest way an Allow names the caller
    everyone: bool = False  # some Allow of a resource policy names everyone, be it the strongest or not


@dataclass(slots=True)
class _Question:
    principal: Principal
    action: str  # lower case
    resource: str
    context: Context
    bounded: bool  # a permissions boundary is attached to the caller

    def layer(self, kind: PolicyType, policies: Iterable[NamedPolicy]) -> _Layer:
        allows: list[StatementMatch] = []
        denies: list[StatementMatch] = []
        for policy in policies:
            for statement in compiled(policy.document):
                if statement.grantees is None and statement.covers(self.action, self.resource, self.context):
                    (allows if statement.allow else denies).append(_match(kind, policy, statement))
        return _Layer(kind, tuple(allows), tuple(denies))

    def resource_layer(self, kind: PolicyType, policy: NamedPolicy | None) -> _Layer:
        if policy is None:
            return _Layer(kind)
        allows: list[tuple[Grant, StatementMatch]] = []
        denies: list[StatementMatch] = []
        for statement in compiled(policy.document):
            if statement.grantees is None or not statement.covers(self.action, self.resource, self.context):
                continue
            grant = statement.grantees.grant(self.principal)
            if statement.grantees.inverted and not statement.allow and self.bounded:
                # it "will always deny any IAM principal that has a permissions boundary" (IAM user guide, boundaries)
                grant = "everyone"
            if grant is None:
                if not statement.allow and statement.grantees.open_question(self.principal):
                    self.context.undecided.add(NOT_PRINCIPAL_ALONE)
            elif statement.allow:
                allows.append((grant, _match(kind, policy, statement)))
            else:
                denies.append(_match(kind, policy, statement))
        strongest = min((grant for grant, _ in allows), key=STRENGTH.index, default=None)
        everyone = any(grant == "everyone" for grant, _ in allows)
        return _Layer(kind, tuple(match for grant, match in allows if grant == strongest), tuple(denies), strongest, everyone)


def _match(kind: PolicyType, policy: NamedPolicy, statement: Statement) -> StatementMatch:
    return StatementMatch(kind, policy.name, statement.index, statement.sid)


def evaluate(principal: Principal, check: Check, policies: PolicySet, resource_policy: NamedPolicy | None) -> Verdict:
    """Every statement that took part is named in the verdict.

    ``resource_policy`` None means that the resource has none: for a KMS key or a role, which always have one, that it does not
    exist, so that the service can say so.
    """
    context = Context(check.context, principal, policies.membership)
    question = _Question(principal, check.action.lower(), check.resource, context, policies.boundary is not None)
    kind: PolicyType = "trust" if question.action.startswith("sts:") and ":role/" in check.resource else "resource"
    own = question.resource_layer(kind, resource_policy)
    if principal.kind in ("service", "federated", "anonymous"):
        return _resource_alone(own, context)
    levels = [question.layer("scp", level) for level in policies.service_control]
    identity = question.layer("identity", policies.identity)
    ceilings = []
    if policies.boundary is not None:
        ceilings.append(question.layer("boundary", (policies.boundary,)))
    if policies.session is not None:
        ceilings.append(question.layer("session", policies.session))
    for layer in (*levels, identity, *ceilings, own):
        if layer.denies:
            return _verdict("explicitDeny", layer.denies, layer.kind, context)
    if any(not level.allows for level in levels):
        return _verdict("implicitDeny", _NONE, "scp", context)
    allows = tuple(match for level in levels for match in level.allows)
    return _allowed(_Sides(principal, check, identity, ceilings, own, resource_policy is not None), allows, context)


@dataclass(slots=True)
class _Sides:
    principal: Principal
    check: Check
    identity: _Layer
    ceilings: list[_Layer]
    own: _Layer
    has_resource_policy: bool

    @property
    def cross_account(self) -> bool:
        account = self.check.resource_account or _account_of(self.check.resource)
        return bool(account) and account != "aws" and account != self.principal.account_id

    @property
    def resource_must_speak(self) -> bool:
        """Keys and roles are closed even to their own account unless their policy opens them."""
        if not self.has_resource_policy:
            return False
        return self.own.kind == "trust" or (self.check.action.lower().startswith("kms:") and ":key/" in self.check.resource)


def _allowed(sides: _Sides, allows: Matches, context: Context) -> Verdict:
    """No policy denies; who has to allow? ``allows`` are the organization's statements that already did."""
    grant = sides.own.grant
    silent = next((layer for layer in sides.ceilings if not layer.allows), None)
    if not sides.cross_account:
        if grant == "direct":
            return _verdict("allowed", allows + sides.own.allows, None, context)
        if grant in ("role", "everyone"):
            if silent is None:
                return _verdict("allowed", allows + sides.own.allows + _all(sides.ceilings), None, context)
            if sides.own.everyone:
                context.undecided.add(EVERYONE_AND_BOUNDARY)
            return _verdict("implicitDeny", _NONE, silent.kind, context)
    if not sides.identity.allows and sides.principal.kind != "root":
        return _verdict("implicitDeny", _NONE, "identity", context)
    if silent is not None:
        return _verdict("implicitDeny", _NONE, silent.kind, context)
    if (sides.cross_account or sides.resource_must_speak) and grant is None:
        return _verdict("implicitDeny", _NONE, sides.own.kind, context)
    return _verdict("allowed", allows + sides.identity.allows + _all(sides.ceilings) + sides.own.allows, None, context)


def _resource_alone(own: _Layer, context: Context) -> Verdict:
    """Services, federated and anonymous callers have no identity policies: the resource's own policy decides alone."""
    if own.denies:
        return _verdict("explicitDeny", own.denies, own.kind, context)
    if own.grant in ("direct", "everyone"):
        return _verdict("allowed", own.allows, None, context)
    return _verdict("implicitDeny", _NONE, own.kind, context)


def _all(layers: Iterable[_Layer]) -> Matches:
    return tuple(match for layer in layers for match in layer.allows)


def _account_of(resource: str) -> str:
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def _verdict(decision: Decision, matches: Matches, missing: PolicyType | None, context: Context) -> Verdict:
    return Verdict(decision, matches, missing, tuple(sorted(context.undecided)))
