"""STS. ``GetCallerIdentity`` and ``GetSessionToken`` need no permission, not even past an explicit Deny (STS API reference)."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.iam.operations.request import Request, Rules, everything, table
from sandbox.iam.verdict import Check, ContextValue


def _nothing(_: Request) -> Iterable[Check]:
    return []


def _assume(request: Request) -> Iterable[Check]:
    """One check on the role for each thing the call does: assume, tag the session, set the source identity. The role's own trust
    policy takes part in all of them."""
    role = request.text("RoleArn")
    context: dict[str, ContextValue | None] = {
        "sts:ExternalId": request.text("ExternalId"),
        "sts:RoleSessionName": request.text("RoleSessionName"),
        "sts:SourceIdentity": request.text("SourceIdentity"),
        "sts:TransitiveTagKeys": request.texts("TransitiveTagKeys"),
    }
    checks = [request.check(request.operation, role, context, policy_of=role)]
    if request.rows("Tags"):
        checks.append(request.check("TagSession", role, context, policy_of=role))
    if request.text("SourceIdentity"):
        checks.append(request.check("SetSourceIdentity", role, context, policy_of=role))
    return checks


def _federate(request: Request) -> Iterable[Check]:
    arn = request.arn(f"federated-user/{request.text('Name')}", region="")
    checks = [request.own(arn)]
    if request.rows("Tags"):
        checks.append(request.check("TagSession", arn))
    return checks


def _root(request: Request) -> str:
    target = request.text("TargetPrincipal")
    return target if target.startswith("arn:") else request.arn("root", service="iam", region="", account=target)


RULES: Rules = {
    **table(
        {
            everything: "DecodeAuthorizationMessage GetAccessKeyInfo GetDelegatedAccessToken GetWebIdentityToken",
            _root: "AssumeRoot",
        }
    ),
    "GetCallerIdentity": _nothing,
    "GetSessionToken": _nothing,
    "AssumeRole": _assume,
    "AssumeRoleWithSAML": _assume,
    "AssumeRoleWithWebIdentity": _assume,
    "GetFederationToken": _federate,
}
