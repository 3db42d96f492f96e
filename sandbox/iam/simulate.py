"""``iam:SimulateCustomPolicy`` and ``SimulatePrincipalPolicy``, answered by the evaluator (IAM API reference).

One result an action; with several resources their own decisions stand in ``ResourceSpecificResults``, and the decision above them
is explicitDeny if any is, else allowed if any is. There AWS writes a template of the resource type as name; we write ``*``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sandbox.errors import AwsError
from sandbox.iam import policy
from sandbox.iam.context import Context
from sandbox.iam.evaluate import evaluate
from sandbox.iam.position import statement_positions
from sandbox.iam.principal import NamedPolicy, PolicyDocument, PolicySet, Principal
from sandbox.iam.statement import compiled, statements_of
from sandbox.iam.verdict import Check, ContextValue, Verdict

Result = dict[str, Any]
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9\-]+:[^{},]+)")
_PAGE: Final = 100
_RESOURCE_POLICY: Final = "ResourcePolicy"


class Loader(Protocol):
    """What SimulatePrincipalPolicy needs of the account."""

    def entity(self, arn: str) -> tuple[Principal, PolicySet] | None:
        """The user, group or role with this ARN, and its policies."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One simulation: who, with which policies, and the texts that positions are told from."""

    principal: Principal
    policies: PolicySet
    resource_policy: NamedPolicy | None
    context: dict[str, ContextValue]
    owner: str
    texts: dict[str, str] = field(default_factory=dict)


def simulate(params: Mapping[str, Any], account_id: str, loader: Loader | None = None) -> Result:
    """The answer in the shape of botocore's output; ``PolicySourceArn`` tells SimulatePrincipalPolicy from the custom one."""
    case = _case(params, account_id, loader)
    resources = [str(arn) for arn in params.get("ResourceArns") or ["*"]]
    explicit = bool(params.get("ResourceArns"))
    results = [_result(case, action, resources, explicit=explicit) for action in _actions(params)]
    start = int(params["Marker"]) if str(params.get("Marker") or "").isdigit() else 0
    size = int(params.get("MaxItems") or _PAGE)
    page = results[start : start + size]
    more = start + size < len(results)
    answer: Result = {"EvaluationResults": page, "IsTruncated": more}
    if more:
        answer["Marker"] = str(start + size)
    return answer


def context_keys(params: Mapping[str, Any], loader: Loader | None = None) -> Result:
    """GetContextKeysForCustomPolicy and …ForPrincipalPolicy: every key the policies ask about."""
    documents: list[PolicyDocument] = [
        _parsed(text, f"PolicyInputList.{n}") for n, text in enumerate(params.get("PolicyInputList") or (), 1)
    ]
    if params.get("PolicySourceArn"):
        _, policies = _entity(loader, str(params["PolicySourceArn"]))
        documents += [named.document for named in policies.identity]
    keys = {key: None for document in documents for row in statements_of(document) for key in _keys_of(document, row)}
    return {"ContextKeyNames": sorted(keys)}


def _actions(params: Mapping[str, Any]) -> list[str]:
    actions = [str(name) for name in params.get("ActionNames") or ()]
    for name in actions:
        if name.count(":") != 1:
            raise AwsError("InvalidInput", f"Invalid Entity Action: {name}", 400)
    return actions


def _case(params: Mapping[str, Any], account_id: str, loader: Loader | None) -> _Case:
    texts: dict[str, str] = {}
    given = _inputs(params.get("PolicyInputList"), "PolicyInputList", texts)
    boundary = _inputs(params.get("PermissionsBoundaryPolicyInputList"), "PermissionsBoundaryPolicyInputList", texts)
    levels = [
        _inputs(level.get("ServiceControlPolicyInputList"), f"OrderedOrganizationPolicyInputList.{n}", texts)
        for n, level in enumerate(params.get("OrderedOrganizationPolicyInputList") or (), 1)
    ]
    principal = Principal(kind="user", account_id=account_id, arn="")
    base = PolicySet()
    if params.get("PolicySourceArn"):
        principal, base = _entity(loader, str(params["PolicySourceArn"]))
    if params.get("CallerArn"):
        principal = _caller(str(params["CallerArn"]))
    elif params.get("ResourcePolicy") and principal.kind != "user":
        raise AwsError("InvalidInput", "You must specify a CallerArn when simulating a resource policy for a role or group", 400)
    policies = PolicySet(
        identity=(*base.identity, *given),
        boundary=boundary[0] if boundary else base.boundary,
        session=base.session,
        service_control=tuple(levels) or base.service_control,
        membership=base.membership,
    )
    own = params.get("ResourcePolicy")
    resource_policy = _inputs([own], _RESOURCE_POLICY, texts, kind="resource")[0] if own else None
    return _Case(principal, policies, resource_policy, _entries(params), _owner(params, principal.account_id), texts)


def _inputs(given: Any, label: str, texts: dict[str, str], kind: policy.Kind = "managed") -> tuple[NamedPolicy, ...]:
    named = []
    for number, text in enumerate(given or (), 1):
        name = label if label == _RESOURCE_POLICY else f"{label}.{number}"
        texts[name] = text
        named.append(NamedPolicy(name, _parsed(text, name, kind)))
    return tuple(named)


def _parsed(text: Any, name: str, kind: policy.Kind = "managed") -> dict[str, Any]:
    """Simulated policies may be longer than attached ones."""
    try:
        document = json.loads(text)
        policy.validate(document, kind)
    except (ValueError, TypeError, RecursionError) as error:
        raise AwsError("InvalidInput", f"Invalid Content in {name}: Syntax errors in policy.", 400) from error
    except AwsError as error:
        raise AwsError("InvalidInput", f"Invalid Content in {name}: {error.message}", 400) from error
    return dict(document)


def _entity(loader: Loader | None, arn: str) -> tuple[Principal, PolicySet]:
    found = loader.entity(arn) if loader is not None else None
    if found is None:
        raise AwsError("NoSuchEntity", f"Entity with ARN {arn} cannot be found.", 404)
    return found


def _caller(arn: str) -> Principal:
    """CallerArn must be an IAM user (API reference)."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("user/"):
        raise AwsError("InvalidInput", "CallerArn must be the ARN of an IAM user", 400)
    return Principal(kind="user", account_id=parts[4], arn=arn, user_name=arn.rpartition("/")[2])


def _owner(params: Mapping[str, Any], default: str) -> str:
    """ResourceOwner is an account's ARN (``arn:aws:iam::…:root``) and is by default the caller's account (API reference)."""
    owner = str(params.get("ResourceOwner") or default)
    return owner.split(":")[4] if owner.count(":") >= 5 else owner


def _entries(params: Mapping[str, Any]) -> dict[str, ContextValue]:
    entries: dict[str, ContextValue] = {}
    for entry in params.get("ContextEntries") or ():
        values = [str(value) for value in entry.get("ContextKeyValues") or ()]
        several = str(entry.get("ContextKeyType") or "").endswith("List") or len(values) != 1
        entries[str(entry.get("ContextKeyName"))] = values if several else values[0]
    return entries


def _result(case: _Case, action: str, resources: Sequence[str], *, explicit: bool) -> Result:
    verdicts = {resource: _verdict(case, action, resource) for resource in dict.fromkeys(resources)}
    several = len(verdicts) > 1
    decisions = {verdict.decision for verdict in verdicts.values()}
    order = ("explicitDeny", "allowed", "implicitDeny")
    first, only = next(iter(verdicts.items()))
    result: Result = {
        "EvalActionName": action,
        "EvalResourceName": "*" if several else first,
        "EvalDecision": next(decision for decision in order if decision in decisions),
        "MatchedStatements": [] if several else _matched(case, only),
        "MissingContextValues": [] if several else _missing(case, action, [first]),
        **_details(case, action, resources, organizations=True),
    }
    if explicit and resources != ["*"]:
        result["EvalDecisionDetails"] = {}
        result["ResourceSpecificResults"] = [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": verdict.decision,
                "MatchedStatements": _matched(case, verdict),
                "MissingContextValues": _missing(case, action, [resource]),
                **_details(case, action, [resource], organizations=False),
            }
            for resource, verdict in verdicts.items()
        ]
    return result


def _verdict(case: _Case, action: str, resource: str) -> Verdict:
    return evaluate(case.principal, Check(action, resource, case.context, case.owner), case.policies, case.resource_policy)


def _details(case: _Case, action: str, resources: Sequence[str], *, organizations: bool) -> Result:
    """Whether boundary and organization would let it through, told only where there are such policies."""
    details: Result = {}
    if organizations and case.policies.service_control:
        allowed = all(_allows(case, level, action, resource) for level in case.policies.service_control for resource in resources)
        details["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": allowed}
    if case.policies.boundary is not None:
        bound = (case.policies.boundary,)
        allowed = all(_allows(case, bound, action, resource) for resource in resources)
        details["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
    return details


def _allows(case: _Case, level: tuple[NamedPolicy, ...], action: str, resource: str) -> bool:
    check = Check(action, resource, case.context, case.principal.account_id)
    return evaluate(case.principal, check, PolicySet(identity=level), None).allowed


def _matched(case: _Case, verdict: Verdict) -> list[Result]:
    matched: list[Result] = []
    for match in verdict.matches:
        row: Result = {
            "SourcePolicyId": match.policy_name.rpartition("/")[2],
            "SourcePolicyType": "Resource Policy" if match.policy_type in ("resource", "trust") else "IAM Policy",
        }
        positions = statement_positions(case.texts.get(match.policy_name, ""))
        if match.index < len(positions):
            row["StartPosition"], row["EndPosition"] = positions[match.index]
        matched.append(row)
    return matched


def _missing(case: _Case, action: str, resources: Iterable[str]) -> list[str]:
    """Keys that statements about this action ask for and the request does not bring."""
    context = Context(case.context, case.principal, case.policies.membership)
    every = [*case.policies.identity, *(policy for level in case.policies.service_control for policy in level)]
    every += [policy for policy in (case.policies.boundary, case.resource_policy) if policy is not None]
    missing: dict[str, None] = {}
    for named in every:
        for row, statement in zip(statements_of(named.document), compiled(named.document), strict=True):
            if not statement.actions.include(action.lower()):
                continue
            if statement.resources is not None and not any(statement.resources.could_include(name) for name in resources):
                continue
            missing.update(dict.fromkeys(key for key in _keys_of(named.document, row) if context.values(key.lower()) is None))
    return sorted(missing)


def _keys_of(document: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Condition keys of a statement, and the policy variables in it (in version 2012-10-17)."""
    conditions = row.get("Condition") or {}
    keys = [key for block in conditions.values() for key in block]
    if document.get("Version") == "2012-10-17":
        spoken = json.dumps([row.get("Resource"), row.get("NotResource"), conditions])
        keys += [name.strip() for name in _VARIABLE.findall(spoken)]
    return keys
